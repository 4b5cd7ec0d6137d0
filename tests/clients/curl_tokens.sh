#!/usr/bin/env bash
# A program of curl and a shell: a token by client credentials, and another one when the first has ended.
set -euo pipefail

mint() {
    curl --silent --fail-with-body --noproxy '*' "$ZENDESK_URL/oauth/tokens" \
        --data grant_type=client_credentials --data "client_id=$ZENDESK_CLIENT_ID" \
        --data-urlencode "client_secret=$ZENDESK_CLIENT_SECRET" --data-urlencode 'scope=read' |
        sed 's/.*"access_token":"\([^"]*\)".*/\1/'
}

status() {
    curl --silent --output /dev/null --write-out '%{http_code}' --noproxy '*' \
        --header "Authorization: Bearer $1" "$ZENDESK_URL/api/v2/oauth/tokens/current.json"
}

token=$(mint)
echo "the first token: $(status "$token")"
echo 'half an hour passes'
while [[ $(status "$token") == 200 ]]; do sleep 0.02; done
echo "then: $(status "$token")"
echo "the second token: $(status "$(mint)")"
