//! Arguments as clients and models really send them, made into those that a tool takes.
//!
//! It works from the tool's own schema, so it holds for every tool. What can mean only one thing is done, and said in the
//! answer's note; what can mean two is refused with the text to send. A repair never makes a call do more than its own
//! words say: it names no bucket and no table, and it confirms nothing.
//!
//! | file | subject |
//! |---|---|
//! | `shape` | a schema, as the repairs read it |
//! | `whole` | all of a call's arguments, and the order of the repairs |
//! | `work` | what one call's repairs have in common: notes and refusals |
//! | `apart` | `target` and `region`, which every tool has where there are several targets |
//! | `wrapped` | arguments inside another object |
//! | `names` | AWS's names, other spellings, and the nearest name |
//! | `aws`, `definitions`, `transactions` | AWS's structures, which are flat here: `RequestItems`, `KeySchema`, `TransactItems` |
//! | `types` | values of another type: text, numbers, one for a list |
//! | `empty` | what is empty and means absent |
//! | `places`, `uri` | URIs and ARNs where a bucket, a key or a table is meant |
//! | `copies` | the two places of a copy |
//! | `typed` | DynamoDB's typed JSON inside plain JSON |
//! | `numbers` | numbers that were rounded on their way |
//! | `keys` | keys of another type than the table has, after AWS refused them |
//! | `expressions`, `reader`, `placeholders` | other languages' operators, literals, a missing `SET` |
//! | `objects` | objects in place of expressions |

mod apart;
mod aws;
mod copies;
mod definitions;
mod empty;
mod expressions;
mod keys;
mod names;
mod numbers;
mod objects;
mod placeholders;
mod places;
mod reader;
mod shape;
mod transactions;
mod typed;
mod types;
mod uri;
mod whole;
mod work;
mod wrapped;

pub(super) use apart::{Apart, apart};
pub(super) use keys::{has_keys, mended};
pub(super) use names::respelled;
pub(super) use shape::Shape;
pub(super) use whole::repair;
pub(super) use work::Facts;

#[cfg(test)]
mod tests;
