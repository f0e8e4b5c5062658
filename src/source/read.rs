//! From the bytes of a file of unknown make to a text, or to the reason why it is none.

use super::Source;
use super::clean::clean;
use super::problems::{Problem, Problems};

/// The longest text that is read. The longest policy known has some two hundred lines.
pub const LIMIT: usize = 1024 * 1024;

impl Source {
    /// The text of a file of unknown make.
    ///
    /// # Errors
    /// When it is longer than [`LIMIT`] or not UTF-8.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, Problems> {
        let name = name.into();
        if bytes.len() > LIMIT {
            let message = format!("`{}` is too large to be read", clean(&name));
            let problem = Problem::error("too-large", message, 0..0)
                .help(format!("the limit is {} KiB; is it the right file?", LIMIT / 1024));
            return Err(Problems::of(Self::new(name, ""), problem));
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(name, text)),
            Err(error) => {
                let good = error.utf8_error().valid_up_to();
                let message = format!("`{}` is not UTF-8 text", clean(&name));
                // Up to the first bad byte the lossy text has the same offsets; a mark at the start,
                // which `new` takes away, would shift them.
                let lossy = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let shift = if lossy.starts_with('\u{feff}') && good >= 3 { 3 } else { 0 };
                let start = good - shift;
                let problem = Problem::error("not-utf-8", message, start..start + 3)
                    .label("the first byte that is not UTF-8")
                    .help("save the file as UTF-8");
                Err(Problems::of(Self::new(name, lossy), problem))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_refused_with_their_line() {
        let problems = Source::from_bytes("x.yaml", b"a: 1\nb: \xff\n".to_vec()).unwrap_err();
        assert!(problems.to_string().contains("x.yaml:2:4"), "{problems}");
        let marked = Source::from_bytes("x.yaml", b"\xef\xbb\xbfb: \xff\n".to_vec()).unwrap_err();
        assert!(marked.to_string().contains("x.yaml:1:4"), "{marked}");
        let wide = Source::from_bytes("x.yaml", b"\xff\xfea\0:\0".to_vec()).unwrap_err();
        assert!(wide.to_string().contains("x.yaml:1:1"), "{wide}");
    }

    #[test]
    fn a_file_that_is_too_large_is_refused() {
        let problems = Source::from_bytes("x.yaml", vec![b'a'; LIMIT + 1]).unwrap_err();
        assert!(problems.to_string().contains("too large"), "{problems}");
        assert!(Source::from_bytes("x.yaml", vec![b'a'; LIMIT]).is_ok());
    }
}
