//! AWS's model of every operation's request, written by tests/scripts/constraints_from_botocore.py.
// Generated: do not edit.
#![allow(missing_docs, reason = "the names are AWS's own")]

use super::recorded;
use super::shape::{Member, Shape, Structure, Text};

/// Every operation of AWS's and the shape of its request.
pub static OPERATIONS: &[(&str, &Shape)] = &[
    ("DescribeStream", &DESCRIBE_STREAM_INPUT),
    ("GetRecords", &GET_RECORDS_INPUT),
    ("GetShardIterator", &GET_SHARD_ITERATOR_INPUT),
    ("ListStreams", &LIST_STREAMS_INPUT),
];

pub static DESCRIBE_STREAM_INPUT: Shape = Shape::Structure(Structure {
    name: "DescribeStreamInput",
    members: &[
        Member { name: "StreamArn", required: true, shape: &STREAM_ARN },
        Member { name: "Limit", required: false, shape: &recorded::STREAMS_LIMIT },
        Member { name: "ExclusiveStartShardId", required: false, shape: &SHARD_ID },
        Member { name: "ShardFilter", required: false, shape: &SHARD_FILTER },
    ],
});
pub static GET_RECORDS_INPUT: Shape = Shape::Structure(Structure {
    name: "GetRecordsInput",
    members: &[
        Member { name: "ShardIterator", required: true, shape: &SHARD_ITERATOR },
        Member { name: "Limit", required: false, shape: &recorded::RECORDS_LIMIT },
    ],
});
pub static GET_SHARD_ITERATOR_INPUT: Shape = Shape::Structure(Structure {
    name: "GetShardIteratorInput",
    members: &[
        Member { name: "StreamArn", required: true, shape: &STREAM_ARN },
        Member { name: "ShardId", required: true, shape: &SHARD_ID },
        Member { name: "ShardIteratorType", required: true, shape: &SHARD_ITERATOR_TYPE },
        Member { name: "SequenceNumber", required: false, shape: &SEQUENCE_NUMBER },
        Member { name: "Timestamp", required: false, shape: &Shape::Timestamp },
    ],
});
pub static LIST_STREAMS_INPUT: Shape = Shape::Structure(Structure {
    name: "ListStreamsInput",
    members: &[
        Member { name: "TableName", required: false, shape: &TABLE_NAME },
        Member { name: "Limit", required: false, shape: &recorded::STREAMS_LIMIT },
        Member { name: "ExclusiveStartStreamArn", required: false, shape: &STREAM_ARN },
    ],
});
pub static SEQUENCE_NUMBER: Shape =
    Shape::String(Text { min: Some(21), max: Some(40), pattern: None, values: &[], arn: false });
pub static SHARD_FILTER: Shape = Shape::Structure(Structure {
    name: "ShardFilter",
    members: &[
        Member { name: "Type", required: false, shape: &SHARD_FILTER_TYPE },
        Member { name: "ShardId", required: false, shape: &SHARD_ID },
    ],
});
pub static SHARD_FILTER_TYPE: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["CHILD_SHARDS"], arn: false });
pub static SHARD_ID: Shape =
    Shape::String(Text { min: Some(28), max: Some(65), pattern: None, values: &[], arn: false });
pub static SHARD_ITERATOR: Shape =
    Shape::String(Text { min: Some(1), max: Some(2_048), pattern: None, values: &[], arn: false });
pub static SHARD_ITERATOR_TYPE: Shape = Shape::String(Text {
    min: None,
    max: None,
    pattern: None,
    values: &["TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER", "AT_TIMESTAMP"],
    arn: false,
});
pub static STREAM_ARN: Shape =
    Shape::String(Text { min: Some(37), max: Some(1_024), pattern: None, values: &[], arn: false });
pub static TABLE_NAME: Shape =
    Shape::String(Text { min: Some(3), max: Some(255), pattern: Some("[a-zA-Z0-9_.-]+"), values: &[], arn: false });
