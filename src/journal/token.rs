//! Tokens of services that mark theirs, so that one is known wherever it stands.

use std::borrow::Cow;

use super::hints::is_of_token;
use super::redaction::REDACTED;

/// What a token begins with, and how many characters follow at least, as each service documents or issues them.
const MARKS: [(&str, usize); 66] = [
    ("ABSK", 40),
    ("AGE-SECRET-KEY-1", 50),
    ("AIza", 30),
    ("ATATT3x", 40),
    ("ATCTT3x", 40),
    ("GOCSPX-", 20),
    ("PMAK-", 40),
    ("SG.", 40),
    ("atlasv1.", 40),
    ("bedrock-api-key-", 40),
    ("cio", 32),
    ("dckr_pat_", 20),
    ("doo_v1_", 40),
    ("dop_v1_", 40),
    ("dor_v1_", 40),
    ("dp.pt.", 30),
    ("dp.st.", 30),
    ("figd_", 30),
    ("fm2_", 40),
    ("fo1_", 30),
    ("footbridge1.", 40),
    ("gho_", 20),
    ("ghp_", 20),
    ("ghr_", 20),
    ("ghs_", 20),
    ("ghu_", 20),
    ("github_pat_", 20),
    ("glagent-", 20),
    ("glc_", 30),
    ("glcbt-", 16),
    ("gldt-", 16),
    ("glft-", 16),
    ("glpat-", 16),
    ("glptt-", 16),
    ("glrt-", 16),
    ("glsa_", 30),
    ("glsoat-", 16),
    ("gsk_", 30),
    ("hf_", 30),
    ("hvb.", 24),
    ("hvs.", 24),
    ("lin_api_", 30),
    ("npm_", 30),
    ("ntn_", 40),
    ("nvapi-", 40),
    ("pplx-", 30),
    ("pul-", 40),
    ("pypi-", 40),
    ("r8_", 30),
    ("rk_live_", 10),
    ("rk_test_", 10),
    ("rubygems_", 40),
    ("sb_secret_", 16),
    ("sbp_", 30),
    ("shpat_", 30),
    ("shpca_", 30),
    ("shppa_", 30),
    ("shpss_", 30),
    ("sk-", 20),
    ("sk_live_", 10),
    ("sk_test_", 10),
    ("sntry", 30),
    ("tskey-", 20),
    ("whsec_", 16),
    ("xai-", 40),
    ("ya29.", 20),
];

/// The marks of Slack's tokens, which differ in one letter: `xoxb-`, `xoxp-`, `xapp-`, `xoxe.xoxp-` and their like.
const SLACK: [&str; 3] = ["xox", "xapp-", "xwfp-"];

/// What a mark begins with: there are many places where one could.
static BEGIN: [bool; 256] = {
    let (mut begin, mut at) = ([false; 256], 0);
    while at < MARKS.len() {
        begin[MARKS[at].0.as_bytes()[0] as usize] = true;
        at += 1;
    }
    // As Slack's do.
    begin[b'x' as usize] = true;
    begin
};

/// `text` without marked tokens; borrowed where there is none.
pub(super) fn without_tokens(text: &str) -> Cow<'_, str> {
    let mut clean = String::new();
    let mut kept = 0;
    let mut at = 0;
    // A word is a run of what tokens are made of, which are ASCII; most are too short to be one.
    for word in text.as_bytes().split(|byte| !is_of_token(*byte)) {
        let (start, end) = (at, at + word.len());
        if word.len() >= SHORTEST
            && let Some(begins) = token_in(&text[start..end])
        {
            clean.push_str(&text[kept..start + begins]);
            clean.push_str(REDACTED);
            kept = end;
        }
        at = end + 1;
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    clean.push_str(&text[kept..]);
    Cow::Owned(clean)
}

/// A token has at least so many characters.
pub(super) const SHORTEST: usize = 14;

/// Where a token begins in `word`: at its start, or behind what stands between the words of a path or an assignment.
fn token_in(word: &str) -> Option<usize> {
    let between = |(at, byte)| matches!(byte, b'/' | b'=' | b'+' | b'.' | b'_' | b'-').then_some(at + 1);
    let starts = word.bytes().enumerate().filter_map(between);
    std::iter::once(0).chain(starts).find(|at| is_token(&word[*at..]))
}

fn is_token(text: &str) -> bool {
    let Some(first) = text.bytes().next().filter(|first| BEGIN[usize::from(*first)]) else { return false };
    let marked = |(mark, least): &(&str, usize)| {
        mark.as_bytes()[0] == first
            && text.strip_prefix(mark).is_some_and(|rest| {
                let run = rest.bytes().take_while(|byte| is_of_token(*byte) && *byte != b'/').count();
                // A word of letters alone is prose, or a name: `sk-of-the-customer-that-was-found`.
                run >= *least && rest.bytes().any(|byte| byte.is_ascii_digit())
            })
    };
    MARKS.iter().any(marked) || SLACK.iter().any(|mark| text.starts_with(mark) && is_slack(text))
}

fn is_slack(text: &str) -> bool {
    text.split_once('-').is_some_and(|(mark, rest)| mark.len() <= 10 && rest.len() >= 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A token of the mark, put together here so that no scanner of sources takes it for a real one.
    fn token(mark: &str, length: usize) -> String {
        let body: String = "a1B2c3D4e5F6g7H8i9J0".chars().cycle().take(length).collect();
        format!("{mark}{body}")
    }

    #[test]
    fn each_marked_token_is_found_wherever_it_stands() {
        let slack = ["xoxb-", "xoxp-", "xoxe.xoxp-", "xapp-"].map(|mark| (mark, 20));
        for (mark, least) in MARKS.into_iter().chain(slack) {
            let token = token(mark, least.max(20));
            for text in [
                token.clone(),
                format!("use {token}, please"),
                format!("A={token}"),
                format!("https://x.test/{token}"),
                format!("my_{token}"),
                format!("x-{token}"),
            ] {
                let clean = without_tokens(&text);
                assert!(!clean.contains(&token[mark.len()..]), "{text}: {clean}");
                assert_eq!(clean, text.replace(&token, REDACTED), "{text}");
            }
        }
    }

    #[test]
    fn words_that_only_begin_like_one_stay() {
        for text in [
            "sk-of-the-customer-that-was-found-there-yesterday",
            "npm_config_registry",
            "a sk-learn pipeline, glc_ and hf_ and xoxo-kisses",
            "s3://media/pul-requests/2026/11/29/report.json",
            "",
        ] {
            assert!(matches!(without_tokens(text), Cow::Borrowed(_)), "{text}: {}", without_tokens(text));
        }
    }
}
