//! The HTML of the authorization page. It works without scripts, style sheets and images.

use std::fmt::{self, Display, Write};

use crate::world::{OauthClient, Role, User};

/// Text in HTML, also within quotes.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            other => f.write_char(other),
        })
    }
}

fn page(title: &str, content: impl Display) -> String {
    let title = Escaped(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n\
         <body>\n<h1>{title}</h1>\n{content}</body>\n</html>\n"
    )
}

/// The page about a request that cannot be answered with a redirect.
pub(super) fn refusal(error: &str, description: &str) -> String {
    let heading = if error.is_empty() {
        String::new()
    } else {
        format!("<h2>{}</h2>\n", Escaped(error))
    };
    let content = format!("{heading}<p>{}</p>\n", Escaped(description));
    page("Invalid Authorization Request", content)
}

/// The body of a redirect.
pub(super) fn redirect(location: &str) -> String {
    let content = format!("<p><a href=\"{}\">Go on</a></p>\n", Escaped(location));
    page("Redirect", content)
}

/// The page that asks a user for consent.
pub(super) struct ConsentPage<'a> {
    pub(super) client: &'a OauthClient,
    pub(super) scopes: &'a [String],
    /// The users to choose from.
    pub(super) users: Vec<&'a User>,
    /// Whether there are more users.
    pub(super) has_more: bool,
    /// The parameters of the request, form-encoded.
    pub(super) query: &'a str,
}

impl ConsentPage<'_> {
    /// The HTML. Its form goes to the address of the page, whatever that begins with.
    pub(super) fn html(&self) -> String {
        let title = format!("Allow {} to access the account?", self.client.name);
        page(&title, self)
    }

    fn write_users(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, user) in self.users.iter().enumerate() {
            let checked = if place == 0 { " checked" } else { "" };
            let (id, name, email) = (user.id.0, Escaped(&user.name), Escaped(&user.email));
            let role = match user.role {
                Role::Admin => "admin",
                Role::Agent => "agent",
                Role::LightAgent => "light agent",
                Role::EndUser => "end user",
            };
            writeln!(
                f,
                "<p><label><input type=\"radio\" name=\"user_id\" value=\"{id}\"{checked}> {name} \
                 ({email}, {role})</label></p>"
            )?;
        }
        Ok(())
    }
}

impl Display for ConsentPage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let client = self.client;
        let facts = [
            ("Company", &client.company),
            ("Description", &client.description),
            // Not as an image: a test has to work without a network.
            ("Logo", &client.logo_url),
        ];
        for (label, text) in facts {
            if let Some(text) = text {
                writeln!(f, "<p>{label}: {}</p>", Escaped(text))?;
            }
        }
        let query = Escaped(self.query);
        let form = format!("<form method=\"post\" action=\"?{query}\">\n");
        let allow = "<button name=\"decision\" value=\"allow\">Allow</button>\n";
        writeln!(f, "<p>It asks for these scopes:</p>\n<ul>")?;
        for scope in self.scopes {
            writeln!(f, "<li>{}</li>", Escaped(scope))?;
        }
        writeln!(f, "</ul>\n{form}<p>As which user?</p>")?;
        self.write_users(f)?;
        if !self.users.is_empty() {
            f.write_str(allow)?;
        }
        f.write_str("<button name=\"decision\" value=\"deny\">Deny</button>\n</form>\n")?;
        if self.has_more {
            let field =
                "<input name=\"user_id\" inputmode=\"numeric\" pattern=\"[0-9]+\" required>";
            let label = format!("<p><label>Another user, by id: {field}</label></p>\n");
            writeln!(f, "{form}{label}{allow}</form>")?;
        }
        Ok(())
    }
}
