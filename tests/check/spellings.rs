//! Every operation of AWS's, in the spelling of each language, is found.

use footbridge::check::{Model, Syntax, read_source};

/// Checks `source` for every operation; it gets AWS's name of the operation, its first member and the service.
fn each(syntax: Syntax, source: impl Fn(&str, Option<&str>, &str) -> String) {
    let model = Model::read();
    assert!(model.operations().count() > 170);
    for operation in model.operations() {
        let member = operation.members.first().map(|member| member.name);
        let text = source(operation.name, member, operation.service);
        let found = read_source(&model, &text, syntax);
        let uses: Vec<_> = found.uses.iter().map(|used| used.operation).collect();
        assert_eq!(uses, [operation.name], "{text}");
        if let Some(member) = member {
            let given = &found.uses[0].given.members;
            assert!(given.iter().any(|(name, _)| name.eq_ignore_ascii_case(member)), "{text}: {given:?}");
        }
    }
}

/// PutObject -> put_object, ListObjectsV2 -> list_objects_v2
fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| letters[before]);
        let starts =
            letter.is_uppercase() && before.is_some_and(|before| before.is_lowercase() || before.is_ascii_digit());
        snake.extend((starts).then_some('_'));
        snake.extend(letter.to_lowercase());
    }
    snake
}

fn camel(name: &str) -> String {
    name[..1].to_lowercase() + &name[1..]
}

#[test]
fn python() {
    each(Syntax::Python, |name, member, service| {
        let argument = member.map(|member| format!("{member}=x")).unwrap_or_default();
        format!("import boto3\nc = boto3.client('{service}')\nc.{}({argument})\n", snake(name))
    });
}

#[test]
fn javascript() {
    let package =
        |service: &str| if service == "dynamodbstreams" { "dynamodb-streams".to_owned() } else { service.to_owned() };
    each(Syntax::JavaScript, |name, member, service| {
        let argument = member.map(|member| format!("{{ {member}: x }}")).unwrap_or_default();
        let package = package(service);
        format!(
            "import {{ {name}Command }} from '@aws-sdk/client-{package}';\nclient.send(new {name}Command({argument}));\n"
        )
    });
    each(Syntax::JavaScript, |name, member, service| {
        let argument = member.map(|member| format!("{{ {member}: x }}")).unwrap_or_default();
        let client = if service == "s3" { "S3" } else { "DynamoDB" };
        format!(
            "const AWS = require('aws-sdk');\nconst c = new AWS.{client}();\nc.{}({argument}).promise();\n",
            camel(name)
        )
    });
}

#[test]
fn go() {
    each(Syntax::Go, |name, member, service| {
        let member = member.map(|member| format!("{member}: x")).unwrap_or_default();
        format!(
            "package p\nimport \"github.com/aws/aws-sdk-go-v2/service/{service}\"\nfunc f() {{ client.{name}(ctx, &{service}.{name}Input{{{member}}}) }}\n"
        )
    });
}

#[test]
fn java() {
    let import = |service: &str| {
        format!("import software.amazon.awssdk.services.{}.model.*;\n", &service.replace("streams", ""))
    };
    each(Syntax::Java, |name, member, service| {
        let member = member.map(|member| format!(".{}(x)", camel(member))).unwrap_or_default();
        format!(
            "{}class C {{ void f() {{ client.{}({name}Request.builder(){member}.build()); }} }}\n",
            import(service),
            camel(name)
        )
    });
    each(Syntax::Java, |name, member, service| {
        let member = member.map(|member| format!("b -> b.{}(x)", camel(member))).unwrap_or_default();
        format!("{}class C {{ void f() {{ client.{}({member}); }} }}\n", import(service), camel(name))
    });
}
