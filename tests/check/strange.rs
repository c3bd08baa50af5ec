//! Whatever is in a file, reading it ends, and soon.

use std::time::{Duration, Instant};

use footbridge::check::{Model, Syntax, read_source};
use proptest::prelude::*;
use proptest::sample::select;

const ALL: [Syntax; 5] = [Syntax::Python, Syntax::JavaScript, Syntax::Go, Syntax::Java, Syntax::Terraform];

/// Pieces of source, in any order.
const PIECES: &[&str] = &[
    "import boto3\n",
    "boto3",
    ".client(",
    "'s3'",
    ")",
    "(",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "'",
    "`",
    "${",
    "\"\"\"",
    "\\",
    "é",
    "\n",
    "#",
    "//",
    "/*",
    "*/",
    "/",
    "<<EOT\n",
    "EOT\n",
    "s3",
    ".",
    "put_object",
    "Bucket",
    "=",
    ":",
    ",",
    "**",
    "...",
    "x",
    " ",
    "=>",
    "->",
    "new ",
    "PutObjectCommand",
    "&s3.PutObjectInput",
    "PutItemRequest",
    ".builder()",
    "import software.amazon.awssdk.services.s3.*;",
    "\"github.com/aws/aws-sdk-go-v2/service/s3\"",
    "from \"@aws-sdk/client-s3\"",
    "resource \"aws_s3_bucket\" \"b\" {",
    "versioning {",
];

proptest! {
    #[test]
    fn bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let model = Model::read();
        let text = String::from_utf8_lossy(&bytes);
        for syntax in ALL {
            drop(read_source(&model, &text, syntax));
        }
    }

    #[test]
    fn pieces_of_source_never_panic(pieces in proptest::collection::vec(select(PIECES), 0..80)) {
        let model = Model::read();
        let text = pieces.concat();
        for syntax in ALL {
            drop(read_source(&model, &text, syntax));
        }
    }
}

#[test]
fn a_file_made_to_take_long_does_not() {
    let model = Model::read();
    let begun = Instant::now();
    for syntax in ALL {
        for piece in [
            "x.put_object(a=",
            "x.putObject({...",
            "({[",
            "a={b:",
            "`${",
            "new PutObjectCommand({a:",
            "x=x;f(x);",
            "<<EOT\n",
            "b(b->b.b(",
            "\"",
        ] {
            let head = "import boto3\nfrom \"@aws-sdk/client-s3\"\n\"github.com/aws/aws-sdk-go-v2/service/s3\"\nimport software.amazon.awssdk.services.s3.x;\n";
            let text = head.to_owned() + &piece.repeat(100_000 / piece.len());
            drop(read_source(&model, &text, syntax));
        }
    }
    // Fifty files of 100 KB, in a debug build.
    assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", begun.elapsed());
}
