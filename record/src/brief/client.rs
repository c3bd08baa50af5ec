//! Who called, in a few letters: `boto3 1.44`, `terraform 1.11`, `Claude Code 2.1`.

use super::value::{cut, line};
use crate::Who;

/// The most columns of a client's name with its version.
const WIDTH: usize = 24;

/// What callers are called by the products that they name in a user agent. An earlier row wins: what was built upon an
/// SDK says so beside its own name.
const PRODUCTS: [(&str, &str); 33] = [
    ("Terraform", "terraform"),
    ("OpenTofu", "opentofu"),
    ("terraform-provider-aws", "terraform"),
    ("aws-cli", "aws-cli"),
    ("aiobotocore", "aiobotocore"),
    ("Boto3", "boto3"),
    ("rclone", "rclone"),
    ("s5cmd", "s5cmd"),
    ("restic", "restic"),
    ("mc", "mc"),
    ("minio-go", "minio-go"),
    ("duckdb", "duckdb"),
    ("polars", "polars"),
    ("delta-rs", "delta-rs"),
    ("object_store", "object_store"),
    ("aws-sdk-js", "aws-sdk-js"),
    ("aws-sdk-nodejs", "aws-sdk-js"),
    ("aws-sdk-go-v2", "go"),
    ("aws-sdk-go", "go"),
    ("aws-sdk-java", "java"),
    ("aws-sdk-kotlin", "kotlin"),
    ("aws-sdk-rust", "rust"),
    ("aws-sdk-ruby3", "ruby"),
    ("aws-sdk-php", "php"),
    ("aws-sdk-cpp", "cpp"),
    ("aws-sdk-swift", "swift"),
    ("aws-sdk-dotnet-coreclr", "dotnet"),
    ("aws-sdk-dotnet-framework", "dotnet"),
    ("Botocore", "botocore"),
    // Browsers name each other; the last to come is the one.
    ("Firefox", "Firefox"),
    ("Edg", "Edge"),
    ("Chrome", "Chrome"),
    ("Version", "Safari"),
];

/// MCP clients that call themselves otherwise than people do.
const MCP: [(&str, &str); 12] = [
    ("claude-code", "Claude Code"),
    ("claude-ai", "Claude"),
    ("claude-desktop", "Claude Desktop"),
    ("codex-mcp-client", "Codex"),
    ("cursor-vscode", "Cursor"),
    ("cursor", "Cursor"),
    ("gemini-cli-mcp-client", "Gemini CLI"),
    ("visual-studio-code", "VS Code"),
    ("vscode", "VS Code"),
    ("windsurf", "Windsurf"),
    ("zed", "Zed"),
    ("mcp-inspector", "Inspector"),
];

/// Who called, with the version as far as it is told apart by people: `boto3 1.44`. Of a caller that is not known, the
/// first product that it names. Empty where it names none.
#[must_use]
pub fn short_client(who: &Who) -> String {
    let short = match who {
        Who::Endpoint { user_agent } => user_agent.as_deref().map(agent).unwrap_or_default(),
        Who::Mcp { client } => client.as_deref().map(mcp).unwrap_or_default(),
        Who::Cli { command } => format!("footbridge {command}"),
    };
    line(&cut(&short, WIDTH))
}

fn agent(agent: &str) -> String {
    // A header can be long; what tells the client stands in front.
    let products: Vec<(&str, &str)> =
        agent.split_whitespace().take(32).filter_map(|word| word.split_once('/')).collect();
    for (product, name) in PRODUCTS {
        if let Some((_, version)) = products.iter().find(|(given, _)| given.eq_ignore_ascii_case(product)) {
            return named(name, version);
        }
    }
    match agent.split_whitespace().next() {
        Some(first) => match first.split_once('/') {
            Some((name, version)) => named(name, version),
            None => first.to_owned(),
        },
        None => String::new(),
    }
}

fn mcp(client: &str) -> String {
    // The version is the last word, where one was given.
    let (name, version) = match client.trim().rsplit_once(' ') {
        Some((name, version)) if version.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit()) => {
            (name, version)
        }
        _ => (client.trim(), ""),
    };
    let known = MCP.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
    named(known.map_or(name, |(_, known)| known), version)
}

/// `name 1.44`: of a version, the first two numbers.
fn named(name: &str, version: &str) -> String {
    let version = version.trim_start_matches('v');
    let version = &version[..version.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(version.len())];
    let version = version.match_indices('.').nth(1).map_or(version, |(end, _)| &version[..end]);
    // The name may be long, and the version says more than its end.
    let name = cut(name, WIDTH.saturating_sub(version.len() + 1).max(8));
    if version.is_empty() { name } else { format!("{name} {}", version.trim_end_matches('.')) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_are_known_by_their_user_agents() {
        for (given, wanted) in [
            (
                "Boto3/1.44.5 md/Botocore#1.44.8 ua/2.1 os/linux#6.18.44 md/arch#x86_64 lang/python#3.11.7 md/pyimpl#CPython m/b,Z,e,E cfg/retry-mode#standard Botocore/1.44.8",
                "boto3 1.44",
            ),
            ("Botocore/1.44.8 ua/2.1 os/linux#6.18 lang/python#3.11.7", "botocore 1.44"),
            ("aws-cli/1.46.3 md/Botocore#1.43.5 ua/2.1 os/linux#6.18", "aws-cli 1.46"),
            (
                "aws-cli/2.9.19 Python/3.11.2 Linux/6.18.44 source/x86_64.debian.12 prompt/off command/s3.ls",
                "aws-cli 2.9",
            ),
            (
                "aws-cli/2.31.8 md/awscrt#0.27.6 ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.13.7 md/command#s3api.put-object",
                "aws-cli 2.31",
            ),
            (
                "aws-sdk-js/3.1169.0 ua/2.1 os/linux#6.18 lang/js md/nodejs#22.1.0 api/s3#3.1169.0 m/E,N,e",
                "aws-sdk-js 3.1169",
            ),
            (
                "aws-sdk-go-v2/1.99.0 ua/2.1 os/linux lang/go#1.24.4 md/GOOS#linux md/GOARCH#amd64 api/s3#1.114.10",
                "go 1.99",
            ),
            ("aws-sdk-go/1.55.5 (go1.22.2; linux; amd64) S3Manager", "go 1.55"),
            ("aws-sdk-java/2.31.8 md/io#sync md/http#Apache5 ua/2.1 os/Linux#6.18 lang/java#21.0.5", "java 2.31"),
            ("aws-sdk-java/1.12.797 Linux/6.18 OpenJDK_64-Bit_Server_VM/21 java/21.0.5", "java 1.12"),
            ("aws-sdk-rust/1.3.9 ua/2.1 api/s3/1.157.0 os/linux lang/rust/1.95.0", "rust 1.3"),
            ("aws-sdk-ruby3/3.170.0 ua/2.0 ruby/3.1.2 x86_64-linux-gnu api/s3#1.117.2", "ruby 3.170"),
            ("aws-sdk-cpp/1.11.900 ua/2.1 md/aws-crt#0.36.4 os/Linux lang/c++#C++17", "cpp 1.11"),
            (
                "APN/1.0 HashiCorp/1.0 Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-aws/5.100.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.36.3 ua/2.1",
                "terraform 1.11",
            ),
            ("MinIO (linux; amd64) minio-go/v7.4.1", "minio-go 7.4"),
            ("rclone/v1.75.2", "rclone 1.75"),
            ("curl/8.5.0", "curl 8.5"),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                "Chrome 142.0",
            ),
            ("my-service", "my-service"),
            ("an-application-with-quite-a-long-name/12.5.9 x/1", "an-application-wit… 12.5"),
            ("", ""),
            ("/", ""),
        ] {
            assert_eq!(short_client(&Who::Endpoint { user_agent: Some(given.into()) }), wanted, "{given}");
        }
        assert_eq!(short_client(&Who::Endpoint { user_agent: None }), "");
    }

    #[test]
    fn mcp_clients_are_called_as_people_call_them() {
        for (given, wanted) in [
            ("claude-code 2.1.0", "Claude Code 2.1"),
            ("Claude Code 2.1.0-beta", "Claude Code 2.1"),
            ("gemini-cli-mcp-client v0.61.0", "Gemini CLI 0.61"),
            ("my own client", "my own client"),
            ("rmcp", "rmcp"),
        ] {
            assert_eq!(short_client(&Who::Mcp { client: Some(given.into()) }), wanted, "{given}");
        }
        assert_eq!(short_client(&Who::Cli { command: "call".into() }), "footbridge call");
    }
}
