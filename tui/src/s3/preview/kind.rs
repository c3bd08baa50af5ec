//! What an object's bytes are, as far as their beginning says.

/// A form that bytes can be shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::s3) enum Form {
    /// Kind and size of an image.
    Image,
    /// JSON, set in lines.
    Json,
    /// A JSON value a line.
    Lines,
    /// Rows and columns, with this between them.
    Table(u8),
    Text,
    /// Bytes.
    Hex,
}

impl Form {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Json => "JSON",
            Self::Lines => "NDJSON",
            Self::Table(b'\t') => "TSV",
            Self::Table(_) => "CSV",
            Self::Text => "text",
            Self::Hex => "hex",
        }
    }
}

/// Bytes that are looked at to tell.
const LOOKED_AT: usize = 16 * 1024;

/// Whether it is compressed by gzip.
pub(super) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b, 8])
}

/// The forms for an object of this key and `Content-Type` that begins with `bytes`, the most telling first.
pub(super) fn forms(key: &str, content_type: &str, bytes: &[u8]) -> Vec<Form> {
    let head = &bytes[..bytes.len().min(LOOKED_AT)];
    let name = key.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    let says = |kinds: &[&str]| kinds.iter().any(|kind| content_type.to_ascii_lowercase().contains(kind));
    if imagesize::image_type(head).is_ok() {
        return vec![Form::Image, Form::Hex];
    }
    let Some(text) = as_text(head) else { return vec![Form::Hex, Form::Text] };
    if is_svg(text) {
        return vec![Form::Image, Form::Text, Form::Hex];
    }
    let mut forms = Vec::new();
    let mut add = |form| {
        if !forms.contains(&form) {
            forms.push(form);
        }
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_value = |line: &str| line.starts_with(['{', '[']) && serde_json::from_str::<serde_json::Value>(line).is_ok();
    let values = lines.clone().take(3).filter(|line| is_value(line)).count();
    let jsonish = text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']);
    let delimiter = delimiter(text, ends(&[".tsv", ".tab"]));
    if ends(&[".ndjson", ".jsonl"]) || says(&["ndjson", "jsonl", "jsonlines"]) || values >= 2 {
        add(Form::Lines);
    }
    if ends(&[".csv", ".tsv", ".tab"]) || says(&["text/csv", "tab-separated"]) {
        add(Form::Table(delimiter.unwrap_or(b',')));
    }
    if jsonish {
        add(Form::Json);
    }
    add(Form::Text);
    if let Some(delimiter) = delimiter {
        add(Form::Table(delimiter));
    }
    if values > 0 {
        add(Form::Lines);
    }
    add(Form::Hex);
    forms
}

/// `head` as text, where it is: UTF-8 but for a character cut at the end, without what no text has.
fn as_text(head: &[u8]) -> Option<&str> {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&head[..error.valid_up_to()]).ok()?,
        Err(_) => return None,
    };
    let strange =
        text.chars().filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{1b}')).count();
    (strange * 50 <= text.len()).then_some(text)
}

fn is_svg(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with("<svg") || (text.starts_with("<?xml") || text.starts_with("<!")) && text.contains("<svg")
}

/// What stands between the columns of the first line: the sign that stands there most often, quoted text aside.
fn delimiter(text: &str, tabs: bool) -> Option<u8> {
    if tabs {
        return Some(b'\t');
    }
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if !quoted => {
                for (sign, count) in &mut counts {
                    *count += usize::from(*sign == byte);
                }
            }
            _ => {}
        }
    }
    // Of equal counts the first counts.
    let (sign, count) = counts.into_iter().rev().max_by_key(|(_, count)| *count)?;
    (count > 0).then_some(sign)
}

/// Lines that tell of an image: its kind and size in pixels.
pub(super) fn image(bytes: &[u8]) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    let kind = imagesize::image_type(&bytes[..bytes.len().min(LOOKED_AT)]).ok();
    let svg = kind.is_none().then(|| as_text(&bytes[..bytes.len().min(LOOKED_AT)])).flatten();
    let kind = match kind {
        Some(imagesize::ImageType::Png) => "PNG",
        Some(imagesize::ImageType::Jpeg) => "JPEG",
        Some(imagesize::ImageType::Gif) => "GIF",
        Some(imagesize::ImageType::Webp) => "WebP",
        Some(imagesize::ImageType::Bmp) => "BMP",
        Some(imagesize::ImageType::Ico) => "icon",
        Some(imagesize::ImageType::Tiff) => "TIFF",
        Some(imagesize::ImageType::Heif(_)) => "HEIF or AVIF",
        Some(_) => "image",
        None => "SVG",
    };
    facts.push(("Kind", kind.to_owned()));
    let size = match svg {
        Some(text) => svg_size(text),
        None => imagesize::blob_size(bytes).ok().map(|size| format!("{} x {} pixels", size.width, size.height)),
    };
    facts.push(("Size", size.unwrap_or_else(|| "not said in the bytes that are here".to_owned())));
    facts
}

/// `width` and `height` of an SVG, or what its `viewBox` says.
fn svg_size(text: &str) -> Option<String> {
    let tag = &text[text.find("<svg")?..];
    let tag = &tag[..tag.find('>').unwrap_or(tag.len())];
    let attribute = |name: &str| {
        let mut rest = tag;
        while let Some(at) = rest.find(name) {
            let before = rest[..at].chars().next_back();
            rest = &rest[at + name.len()..];
            let value = rest.trim_start().strip_prefix('=').map(str::trim_start);
            if let (Some(true), Some(value)) = (before.map(char::is_whitespace), value) {
                let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
                return value[1..].split(quote).next();
            }
        }
        None
    };
    if let (Some(width), Some(height)) = (attribute("width"), attribute("height")) {
        return Some(format!("{width} x {height}"));
    }
    let view: Vec<&str> = attribute("viewBox")?.split([' ', ',']).filter(|part| !part.is_empty()).collect();
    let [_, _, width, height] = view.as_slice() else { return None };
    Some(format!("{width} x {height}, by its viewBox"))
}

#[cfg(test)]
mod tests {
    use super::{Form, forms, image};

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x06\0\0\0";

    #[test]
    fn the_first_form_is_what_the_object_is() {
        for (key, kind, bytes, first) in [
            ("a.json", "", &b"{\"a\": 1}"[..], Form::Json),
            ("a", "", b"[1,\n2", Form::Json),
            ("a", "", b"{\"a\":1}\n{\"a\":2}\n", Form::Lines),
            ("a.jsonl.gz", "", b"{}\n", Form::Lines),
            ("a.csv", "", b"a;b;\"c,d,e,f\"\n1;2;3", Form::Table(b';')),
            ("a", "text/csv; charset=utf-8", b"a,b\n", Form::Table(b',')),
            ("a.tsv", "", b"a\tb\n", Form::Table(b'\t')),
            ("a.txt", "", b"a, b and c\n", Form::Text),
            ("a.json", "", b"not \xff json", Form::Hex),
            ("a.txt", "", b"cut in the mid\xc3", Form::Text),
            ("a.bin", "", b"\0\x01\x02\x03", Form::Hex),
            ("a.png", "", PNG, Form::Image),
            ("a.svg", "", b"<?xml version='1.0'?>\n<svg viewBox='0 0 4 3'/>", Form::Image),
            ("a", "", b"", Form::Text),
        ] {
            assert_eq!(forms(key, kind, bytes)[0], first, "{key}");
        }
    }

    #[test]
    fn an_image_tells_its_size_as_far_as_its_bytes_go() {
        let size = |bytes: &[u8]| image(bytes)[1].1.clone();
        assert_eq!(size(PNG), "640 x 480 pixels");
        assert_eq!(size(b"GIF89a\x0a\0\x05\0\x80\0\0\xff\xff\xff\0\0\0"), "10 x 5 pixels");
        assert_eq!(size(&PNG[..12]), "not said in the bytes that are here");
        assert_eq!(size(b"<svg stroke-width='7' width='4cm' height=\"3cm\" viewBox='0 0 8 6'>"), "4cm x 3cm");
        assert_eq!(size(b"<svg viewBox='0 0 8 6'>"), "8 x 6, by its viewBox");
        assert_eq!(size(b"<svg viewBox="), "not said in the bytes that are here");
    }
}
