//! Order-preserving composite keys: components that never run into one another.

/// Appends `component` so that composite keys sort by component: `00` becomes `00 FF`, and `00 01` ends it.
pub fn escape_into(key: &mut Vec<u8>, component: &[u8]) {
    for &byte in component {
        key.push(byte);
        if byte == 0 {
            key.push(0xFF);
        }
    }
    key.extend_from_slice(&[0x00, 0x01]);
}

/// A key of these components, each escaped and ended.
#[must_use]
pub fn composite(components: &[&[u8]]) -> Vec<u8> {
    let mut key = Vec::with_capacity(components.iter().map(|part| part.len() + 2).sum());
    for component in components {
        escape_into(&mut key, component);
    }
    key
}

/// The first component of `key` and what follows it, or `None` where `key` does not start with a whole component.
#[must_use]
pub fn split(key: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut component = Vec::new();
    let mut at = 0;
    loop {
        match key.get(at)? {
            0 => match key.get(at + 1)? {
                0x01 => return Some((component, &key[at + 2..])),
                0xFF => {
                    component.push(0);
                    at += 2;
                }
                _ => return None,
            },
            &byte => {
                component.push(byte);
                at += 1;
            }
        }
    }
}

/// The smallest key after all keys that start with `prefix`, or `None` where there is none.
#[must_use]
pub fn after_prefix(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|&byte| byte != 0xFF)?;
    let mut end = prefix[..=last].to_vec();
    end[last] += 1;
    Some(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn composite_keys_sort_as_their_components(a in any::<[Vec<u8>; 2]>(), b in any::<[Vec<u8>; 2]>()) {
            let key = |parts: &[Vec<u8>; 2]| composite(&[&parts[0], &parts[1]]);
            prop_assert_eq!(key(&a).cmp(&key(&b)), a.cmp(&b));
        }

        #[test]
        fn a_component_comes_back(first: Vec<u8>, rest: Vec<u8>) {
            let mut key = composite(&[&first]);
            key.extend_from_slice(&rest);
            prop_assert_eq!(split(&key), Some((first, rest.as_slice())));
        }

        #[test]
        fn after_prefix_is_the_tight_end(prefix: Vec<u8>, more: Vec<u8>) {
            if let Some(end) = after_prefix(&prefix) {
                prop_assert!([prefix.as_slice(), &more].concat() < end);
                prop_assert!(!end.starts_with(&prefix));
            }
        }
    }
}
