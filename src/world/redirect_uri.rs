//! The addresses that users are sent back to when they have allowed or denied.

/// A redirect URI without its port.
#[derive(PartialEq, Eq)]
struct Portless<'a> {
    scheme: &'a str,
    host: &'a str,
    /// Path and query.
    rest: &'a str,
}

impl<'a> Portless<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (scheme, behind) = text.split_once("://")?;
        let end = behind.find(['/', '?']).unwrap_or(behind.len());
        let (authority, rest) = behind.split_at_checked(end)?;
        // The colons of an IPv6 address are in brackets.
        let colon = authority.rfind(':');
        let colon = colon.filter(|colon| !authority[*colon..].contains(']'));
        let (host, port) = match colon {
            Some(colon) => (&authority[..colon], &authority[colon + 1..]),
            None => (authority, ""),
        };
        // What is before an `@` only looks like a host.
        let is_plain = !host.contains('@') && port.bytes().all(|byte| byte.is_ascii_digit());
        is_plain.then_some(Self { scheme, host, rest })
    }

    /// Whether it is `http` on the user's own machine.
    fn is_loopback(&self) -> bool {
        self.scheme == "http" && matches!(self.host, "localhost" | "127.0.0.1" | "[::1]")
    }
}

/// Whether a client may register this address: `https`, or `http` on the user's own machine, and
/// without a fragment.
pub(crate) fn is_redirect_uri(text: &str) -> bool {
    let is_allowed = Portless::of(text)
        .is_some_and(|uri| uri.is_loopback() || uri.scheme == "https" && !uri.host.is_empty());
    is_allowed
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'#')
}

/// Whether both addresses are on the user's own machine and differ only in the port, which a program
/// there cannot always choose.
pub(crate) fn differ_in_port_only(registered: &str, given: &str) -> bool {
    let (registered, parts) = (Portless::of(registered), Portless::of(given));
    is_redirect_uri(given)
        && parts.as_ref().is_some_and(Portless::is_loopback)
        && registered == parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Documented: https, or http on localhost or 127.0.0.1. Assumed: the rest.
    #[test]
    fn only_https_and_loopback_are_redirect_uris() {
        for (text, expected) in [
            ("https://app.example.com/cb?a=1", true),
            ("https://app.example.com:8443", true),
            ("http://localhost:3000/cb", true),
            ("http://127.0.0.1/cb", true),
            ("http://[::1]:8/cb", true),
            ("http://[::1]", true),
            ("http://app.example.com/cb", false),
            ("http://localhost.example.com/cb", false),
            ("http://localhost:x@example.com/cb", false),
            ("http://localhost@example.com/cb", false),
            ("http://localhost:3000@example.com/cb", false),
            ("https:///cb", false),
            ("https://app.example.com/#part", false),
            ("https://app.example.com/a b", false),
            ("urn:ietf:wg:oauth:2.0:oob", false),
            ("app://callback", false),
            ("", false),
        ] {
            assert_eq!(is_redirect_uri(text), expected, "{text}");
        }
    }

    /// Assumed: another port is allowed on loopback and nowhere else.
    #[test]
    fn another_port_is_allowed_on_loopback_only() {
        let registered = "http://localhost:3000/cb";
        for (given, expected) in [
            ("http://localhost:19186/cb", true),
            ("http://localhost/cb", true),
            ("http://127.0.0.1:3000/cb", false),
            ("http://localhost:3001/other", false),
            ("http://localhost:1@example.com/cb", false),
            ("https://localhost:3000/cb", false),
        ] {
            assert_eq!(differ_in_port_only(registered, given), expected, "{given}");
        }
        let elsewhere = ["https://a.example:1/cb", "https://a.example:2/cb"];
        assert!(!differ_in_port_only(elsewhere[0], elsewhere[1]));
    }
}
