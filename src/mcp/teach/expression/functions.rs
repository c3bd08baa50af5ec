//! Functions that DynamoDB has not, and what it has in their place.

use super::near::nearest;

/// The functions of conditions and of updates.
const CONDITION: [&str; 6] =
    ["attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size"];
const UPDATE: [&str; 2] = ["if_not_exists", "list_append"];

/// What to write in place of a function that is not there; `a` stands for its operand.
pub(super) fn instead(name: &str, update: bool) -> String {
    let functions: &[&str] = if update { &UPDATE } else { &CONDITION };
    let near = known(name, update)
        .or_else(|| nearest(name, functions.iter().copied()).map(|near| format!("{near} may be meant")));
    let all = functions.join(", ");
    match near {
        Some(near) => format!("{near}. The functions here are {all}."),
        None => format!("the functions here are {all}."),
    }
}

fn known(name: &str, update: bool) -> Option<String> {
    let plain: String = name.to_ascii_lowercase().chars().filter(|c| *c != '_').collect();
    let says = match (plain.as_str(), update) {
        ("exists" | "has" | "isset" | "isnotnull" | "notnull" | "isdefined" | "defined", false) => {
            "write attribute_exists(a)"
        }
        ("notexists" | "isnull" | "missing" | "ismissing" | "isempty" | "empty", false) => {
            "write attribute_not_exists(a)"
        }
        ("startswith" | "beginwith" | "beginswith" | "startwith" | "prefix", false) => "write begins_with(a, :start)",
        ("endswith" | "endwith" | "suffix", false) => {
            "nothing compares the end of a text: contains(a, :part) is the nearest"
        }
        ("length" | "len" | "count" | "strlen" | "charlength" | "cardinality", false) => {
            "write size(a), as in size(a) > :n"
        }
        ("includes" | "include" | "in" | "member" | "ismember" | "arraycontains" | "any", false) => {
            "write contains(a, :element), or a IN (:x, :y)"
        }
        ("like" | "ilike" | "match" | "matches" | "regexp" | "regexplike" | "rlike", false) => {
            "there are no patterns: begins_with(a, :start) and contains(a, :part) compare text"
        }
        ("typeof" | "type" | "istype", false) => {
            "write attribute_type(a, :t) with :t one of S, N, B, BOOL, NULL, L, M, SS, NS, BS"
        }
        ("lower" | "upper" | "tolower" | "toupper" | "lowercase" | "uppercase", _) => {
            "text is compared as it is stored: write both cases, or store a copy in lower case"
        }
        ("not" | "and" | "or", false) => "NOT, AND and OR stand between comparisons: NOT (a = :v)",
        (
            "now" | "currenttimestamp" | "date" | "getdate" | "uuid" | "sum" | "avg" | "max" | "min" | "round" | "abs"
            | "floor" | "ceil" | "concat" | "substring" | "substr" | "trim" | "tonumber" | "tostring" | "int" | "str"
            | "cast",
            _,
        ) => "nothing is calculated here: compute it and send it as a value",
        ("append" | "push" | "listpush" | "arrayappend" | "concatlist" | "add" | "arrayadd", true) => {
            "write SET a = list_append(a, :list), with a list as :list"
        }
        ("ifexists" | "ifnull" | "coalesce" | "isnull" | "nvl" | "default" | "getordefault" | "ifnotexist", true) => {
            "write if_not_exists(a, :v)"
        }
        ("increment" | "inc" | "incr" | "plus", true) => "write SET a = a + :n, or ADD a :n",
        ("remove" | "delete" | "pop" | "unset", true) => "write REMOVE a, or REMOVE a[0] for an element",
        ("size" | "length" | "count" | "len", true) => "an update does not measure: read the item, and send the number",
        ("attributeexists" | "attributenotexists" | "contains" | "beginswith", true) => {
            "a function that tests belongs to the parameter condition"
        }
        ("listappend" | "ifnotexists", false) => "that changes an item: it belongs to the parameter update",
        _ => return None,
    };
    Some(says.to_owned())
}
