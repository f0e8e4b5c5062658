//! The guide as one page of HTML that needs nothing else, to be read, ticked off and printed.

use super::{Block, Guide, Piece, Text, Tick, depths};

const STYLE: &str = "\
body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c;background:#fff}\
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2rem;border-top:1px solid #ccc;padding-top:1rem}\
h3{font-size:1.05rem}h4{font-size:1rem;font-weight:600}\
ul.ticks{list-style:none;padding-left:0}ul.ticks>li{margin:.4rem 0;padding-left:1.7rem;text-indent:-1.7rem}\
ul.ticks>li>*{text-indent:0}ul.about{color:#444;font-size:.92rem}input{width:1rem;height:1rem;margin:0 .7rem 0 0}\
code{background:#f2f2f2;padding:.1rem .3rem}\
@media print{body{margin:0;max-width:none;font-size:12px}h2,h3,h4{break-after:avoid}li{break-inside:avoid}}";

/// Writes the guide as one page of HTML.
pub fn write(guide: &Guide) -> String {
    let title = escape(&guide.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    );
    guide.lead.iter().for_each(|block| one(block, 1, &mut out));
    for (at, chapter) in guide.chapters.iter().enumerate() {
        out.push_str(&format!("<h2>{}. {}</h2>\n", at + 1, escape(&chapter.title)));
        let blocks = chapter.blocks.iter().zip(depths(&chapter.blocks));
        blocks.for_each(|(block, depth)| one(block, depth, &mut out));
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn one(block: &Block, depth: u8, out: &mut String) {
    match block {
        Block::Heading(_, words) => {
            let level = u32::from(depth) + 2;
            out.push_str(&format!("<h{level}>{}</h{level}>\n", escape(words)));
        }
        Block::Para(words) => out.push_str(&format!("<p>{}</p>\n", text(words))),
        Block::Steps(steps) => out.push_str(&format!("<ol>\n{}</ol>\n", items(steps))),
        Block::Points(points) => out.push_str(&format!("<ul>\n{}</ul>\n", items(points))),
        Block::Ticks(ticks) => {
            out.push_str("<ul class=\"ticks\">\n");
            for tick in ticks {
                let (what, about) = (text(&tick.what), below(tick));
                out.push_str(&format!("<li><label><input type=\"checkbox\">{what}</label>{about}</li>\n"));
            }
            out.push_str("</ul>\n");
        }
    }
}

/// What is said about a thing to tick, and what it consists of.
fn below(tick: &Tick) -> String {
    if tick.about.is_empty() && tick.parts.is_empty() {
        return String::new();
    }
    let parts: String =
        tick.parts.iter().map(|part| format!("<li>{}{}</li>\n", text(&part.what), below(part))).collect();
    format!("\n<ul class=\"about\">\n{}{parts}</ul>", items(&tick.about))
}

fn items(texts: &[Text]) -> String {
    texts.iter().map(|words| format!("<li>{}</li>\n", text(words))).collect()
}

fn text(text: &Text) -> String {
    text.iter()
        .map(|piece| match piece {
            Piece::Plain(words) => escape(words),
            Piece::Printed(words) => format!("<b>{}</b>", escape(words.trim())),
            Piece::Typed(words) => format!("<code>{}</code>", escape(words)),
            Piece::Address(words) => address(words),
        })
        .collect()
}

/// A link, if it leads to the web; anything else is only shown.
fn address(words: &str) -> String {
    let shown = escape(words);
    if words.starts_with("https://") || words.starts_with("http://") {
        format!("<a href=\"{shown}\" rel=\"noreferrer\">{shown}</a>")
    } else {
        shown
    }
}

fn escape(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_words_turn_into_marks() {
        assert_eq!(escape("<b a=\"'&\">"), "&lt;b a=&quot;&#39;&amp;&quot;&gt;");
        assert!(!address("javascript:alert(1)").contains("href"));
        assert!(address("https://a.example/\"><script>").contains("&quot;&gt;&lt;script&gt;"));
    }
}
