//! AWS's model of every operation's request, written by tests/scripts/constraints_from_botocore.py.
// Generated: do not edit.
#![allow(missing_docs, reason = "the names are AWS's own")]

use super::recorded;
use super::shape::{Elements, Entries, Member, Range, Shape, Structure, Text};

/// Every operation of AWS's and the shape of its request.
pub static OPERATIONS: &[(&str, &Shape)] = &[
    ("BatchExecuteStatement", &BATCH_EXECUTE_STATEMENT_INPUT),
    ("BatchGetItem", &BATCH_GET_ITEM_INPUT),
    ("BatchWriteItem", &BATCH_WRITE_ITEM_INPUT),
    ("CancelBulkOperation", &CANCEL_BULK_OPERATION_INPUT),
    ("CreateBackup", &CREATE_BACKUP_INPUT),
    ("CreateGlobalTable", &CREATE_GLOBAL_TABLE_INPUT),
    ("CreateTable", &CREATE_TABLE_INPUT),
    ("DeleteBackup", &DELETE_BACKUP_INPUT),
    ("DeleteItem", &DELETE_ITEM_INPUT),
    ("DeleteResourcePolicy", &DELETE_RESOURCE_POLICY_INPUT),
    ("DeleteTable", &DELETE_TABLE_INPUT),
    ("DescribeBackup", &DESCRIBE_BACKUP_INPUT),
    ("DescribeBulkOperation", &DESCRIBE_BULK_OPERATION_INPUT),
    ("DescribeContinuousBackups", &DESCRIBE_CONTINUOUS_BACKUPS_INPUT),
    ("DescribeContributorInsights", &DESCRIBE_CONTRIBUTOR_INSIGHTS_INPUT),
    ("DescribeEndpoints", &DESCRIBE_ENDPOINTS_REQUEST),
    ("DescribeExport", &DESCRIBE_EXPORT_INPUT),
    ("DescribeGlobalTable", &DESCRIBE_GLOBAL_TABLE_INPUT),
    ("DescribeGlobalTableSettings", &DESCRIBE_GLOBAL_TABLE_SETTINGS_INPUT),
    ("DescribeImport", &DESCRIBE_IMPORT_INPUT),
    ("DescribeKinesisStreamingDestination", &DESCRIBE_KINESIS_STREAMING_DESTINATION_INPUT),
    ("DescribeLimits", &DESCRIBE_LIMITS_INPUT),
    ("DescribeTable", &DESCRIBE_TABLE_INPUT),
    ("DescribeTableReplicaAutoScaling", &DESCRIBE_TABLE_REPLICA_AUTO_SCALING_INPUT),
    ("DescribeTimeToLive", &DESCRIBE_TIME_TO_LIVE_INPUT),
    ("DisableKinesisStreamingDestination", &KINESIS_STREAMING_DESTINATION_INPUT),
    ("EnableKinesisStreamingDestination", &KINESIS_STREAMING_DESTINATION_INPUT),
    ("ExecuteStatement", &EXECUTE_STATEMENT_INPUT),
    ("ExecuteTransaction", &EXECUTE_TRANSACTION_INPUT),
    ("ExportTableToPointInTime", &EXPORT_TABLE_TO_POINT_IN_TIME_INPUT),
    ("GetItem", &GET_ITEM_INPUT),
    ("GetResourcePolicy", &GET_RESOURCE_POLICY_INPUT),
    ("ImportTable", &IMPORT_TABLE_INPUT),
    ("ListBackups", &LIST_BACKUPS_INPUT),
    ("ListBulkOperations", &LIST_BULK_OPERATIONS_INPUT),
    ("ListContributorInsights", &LIST_CONTRIBUTOR_INSIGHTS_INPUT),
    ("ListExports", &LIST_EXPORTS_INPUT),
    ("ListGlobalTables", &LIST_GLOBAL_TABLES_INPUT),
    ("ListImports", &LIST_IMPORTS_INPUT),
    ("ListTables", &LIST_TABLES_INPUT),
    ("ListTagsOfResource", &LIST_TAGS_OF_RESOURCE_INPUT),
    ("PutItem", &PUT_ITEM_INPUT),
    ("PutResourcePolicy", &PUT_RESOURCE_POLICY_INPUT),
    ("Query", &QUERY_INPUT),
    ("RestoreTableFromBackup", &RESTORE_TABLE_FROM_BACKUP_INPUT),
    ("RestoreTableToPointInTime", &RESTORE_TABLE_TO_POINT_IN_TIME_INPUT),
    ("Scan", &SCAN_INPUT),
    ("SearchVectors", &SEARCH_VECTORS_INPUT),
    ("StartBulkPutItems", &START_BULK_PUT_ITEMS_INPUT),
    ("TagResource", &TAG_RESOURCE_INPUT),
    ("TransactGetItems", &TRANSACT_GET_ITEMS_INPUT),
    ("TransactWriteItems", &TRANSACT_WRITE_ITEMS_INPUT),
    ("UntagResource", &UNTAG_RESOURCE_INPUT),
    ("UpdateContinuousBackups", &UPDATE_CONTINUOUS_BACKUPS_INPUT),
    ("UpdateContributorInsights", &UPDATE_CONTRIBUTOR_INSIGHTS_INPUT),
    ("UpdateGlobalTable", &UPDATE_GLOBAL_TABLE_INPUT),
    ("UpdateGlobalTableSettings", &UPDATE_GLOBAL_TABLE_SETTINGS_INPUT),
    ("UpdateItem", &UPDATE_ITEM_INPUT),
    ("UpdateKinesisStreamingDestination", &UPDATE_KINESIS_STREAMING_DESTINATION_INPUT),
    ("UpdateTable", &UPDATE_TABLE_INPUT),
    ("UpdateTableReplicaAutoScaling", &UPDATE_TABLE_REPLICA_AUTO_SCALING_INPUT),
    ("UpdateTimeToLive", &UPDATE_TIME_TO_LIVE_INPUT),
];

pub static APPROXIMATE_CREATION_DATE_TIME_PRECISION: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["MILLISECOND", "MICROSECOND"], arn: false });
pub static ATTRIBUTE_ACTION: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["ADD", "PUT", "DELETE"], arn: false });
pub static ATTRIBUTE_DEFINITION: Shape = Shape::Structure(Structure {
    name: "AttributeDefinition",
    members: &[
        Member { name: "AttributeName", required: true, shape: &KEY_SCHEMA_ATTRIBUTE_NAME },
        Member { name: "AttributeType", required: true, shape: &SCALAR_ATTRIBUTE_TYPE },
    ],
});
pub static ATTRIBUTE_DEFINITIONS: Shape =
    Shape::List(Elements { min: None, max: None, element: &ATTRIBUTE_DEFINITION });
pub static ATTRIBUTE_NAME: Shape =
    Shape::String(Text { min: None, max: Some(65_535), pattern: None, values: &[], arn: false });
pub static ATTRIBUTE_NAME_LIST: Shape = Shape::List(Elements { min: Some(1), max: None, element: &ATTRIBUTE_NAME });
pub static ATTRIBUTE_UPDATES: Shape =
    Shape::Map(Entries { min: None, max: None, key: &ATTRIBUTE_NAME, value: &ATTRIBUTE_VALUE_UPDATE });
pub static ATTRIBUTE_VALUE_LIST: Shape =
    Shape::List(Elements { min: None, max: None, element: &Shape::AttributeValue });
pub static ATTRIBUTE_VALUE_UPDATE: Shape = Shape::Structure(Structure {
    name: "AttributeValueUpdate",
    members: &[
        Member { name: "Value", required: false, shape: &Shape::AttributeValue },
        Member { name: "Action", required: false, shape: &ATTRIBUTE_ACTION },
    ],
});
pub static AUTO_SCALING_POLICY_NAME: Shape =
    Shape::String(Text { min: Some(1), max: Some(256), pattern: Some("\\p{Print}+"), values: &[], arn: false });
pub static AUTO_SCALING_POLICY_UPDATE: Shape = Shape::Structure(Structure {
    name: "AutoScalingPolicyUpdate",
    members: &[
        Member { name: "PolicyName", required: false, shape: &AUTO_SCALING_POLICY_NAME },
        Member {
            name: "TargetTrackingScalingPolicyConfiguration",
            required: true,
            shape: &AUTO_SCALING_TARGET_TRACKING_SCALING_POLICY_CONFIGURATION_UPDATE,
        },
    ],
});
pub static AUTO_SCALING_ROLE_ARN: Shape = Shape::String(Text {
    min: Some(1),
    max: Some(1_600),
    pattern: Some("[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*"),
    values: &[],
    arn: false,
});
pub static AUTO_SCALING_SETTINGS_UPDATE: Shape = Shape::Structure(Structure {
    name: "AutoScalingSettingsUpdate",
    members: &[
        Member { name: "MinimumUnits", required: false, shape: &POSITIVE_LONG_OBJECT },
        Member { name: "MaximumUnits", required: false, shape: &POSITIVE_LONG_OBJECT },
        Member { name: "AutoScalingDisabled", required: false, shape: &Shape::Boolean },
        Member { name: "AutoScalingRoleArn", required: false, shape: &AUTO_SCALING_ROLE_ARN },
        Member { name: "ScalingPolicyUpdate", required: false, shape: &AUTO_SCALING_POLICY_UPDATE },
    ],
});
pub static AUTO_SCALING_TARGET_TRACKING_SCALING_POLICY_CONFIGURATION_UPDATE: Shape = Shape::Structure(Structure {
    name: "AutoScalingTargetTrackingScalingPolicyConfigurationUpdate",
    members: &[
        Member { name: "DisableScaleIn", required: false, shape: &Shape::Boolean },
        Member { name: "ScaleInCooldown", required: false, shape: &INTEGER_OBJECT },
        Member { name: "ScaleOutCooldown", required: false, shape: &INTEGER_OBJECT },
        Member { name: "TargetValue", required: true, shape: &Shape::Double },
    ],
});
pub static BACKUP_ARN: Shape =
    Shape::String(Text { min: Some(37), max: Some(1_024), pattern: None, values: &[], arn: false });
pub static BACKUP_NAME: Shape =
    Shape::String(Text { min: Some(3), max: Some(255), pattern: Some("[a-zA-Z0-9_.-]+"), values: &[], arn: false });
pub static BACKUP_TYPE_FILTER: Shape = Shape::String(Text {
    min: None,
    max: None,
    pattern: None,
    values: &["USER", "SYSTEM", "AWS_BACKUP", "ALL"],
    arn: false,
});
pub static BACKUPS_INPUT_LIMIT: Shape = Shape::Integer(Range { min: Some(1), max: Some(100) });
pub static BATCH_EXECUTE_STATEMENT_INPUT: Shape = Shape::Structure(Structure {
    name: "BatchExecuteStatementInput",
    members: &[
        Member { name: "Statements", required: true, shape: &PARTI_QL_BATCH_REQUEST },
        Member { name: "ReturnConsumedCapacity", required: false, shape: &RETURN_CONSUMED_CAPACITY },
    ],
});
pub static BATCH_GET_ITEM_INPUT: Shape = Shape::Structure(Structure {
    name: "BatchGetItemInput",
    members: &[
        Member { name: "RequestItems", required: true, shape: &BATCH_GET_REQUEST_MAP },
        Member { name: "ReturnConsumedCapacity", required: false, shape: &RETURN_CONSUMED_CAPACITY },
    ],
});
pub static BATCH_GET_REQUEST_MAP: Shape = Shape::Map(Entries {
    min: Some(1),
    max: Some(100),
    key: &recorded::BATCH_TABLE_NAME_OR_ARN,
    value: &KEYS_AND_ATTRIBUTES,
});
pub static BATCH_STATEMENT_REQUEST: Shape = Shape::Structure(Structure {
    name: "BatchStatementRequest",
    members: &[
        Member { name: "Statement", required: true, shape: &PARTI_QL_STATEMENT },
        Member { name: "Parameters", required: false, shape: &PREPARED_STATEMENT_PARAMETERS },
        Member { name: "ConsistentRead", required: false, shape: &Shape::Boolean },
        Member {
            name: "ReturnValuesOnConditionCheckFailure",
            required: false,
            shape: &RETURN_VALUES_ON_CONDITION_CHECK_FAILURE,
        },
    ],
});
pub static BATCH_WRITE_ITEM_INPUT: Shape = Shape::Structure(Structure {
    name: "BatchWriteItemInput",
    members: &[
        Member { name: "RequestItems", required: true, shape: &BATCH_WRITE_ITEM_REQUEST_MAP },
        Member { name: "ReturnConsumedCapacity", required: false, shape: &RETURN_CONSUMED_CAPACITY },
        Member { name: "ReturnItemCollectionMetrics", required: false, shape: &RETURN_ITEM_COLLECTION_METRICS },
    ],
});
pub static BATCH_WRITE_ITEM_REQUEST_MAP: Shape = Shape::Map(Entries {
    min: Some(1),
    max: Some(25),
    key: &recorded::BATCH_TABLE_NAME_OR_ARN,
    value: &WRITE_REQUESTS,
});
pub static BILLING_MODE: Shape = Shape::String(Text {
    min: None,
    max: None,
    pattern: None,
    values: &["PROVISIONED", "PAY_PER_REQUEST"],
    arn: false,
});
pub static BULK_OPERATION_ARN: Shape =
    Shape::String(Text { min: Some(37), max: Some(1_024), pattern: None, values: &[], arn: false });
pub static BULK_OPERATION_INPUT_FORMAT: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["DYNAMODB_JSON", "ION"], arn: false });
pub static BULK_OPERATION_MAX_WRITE_REQUEST_UNITS: Shape = Shape::Long(Range { min: Some(1_024), max: None });
pub static BULK_OPERATION_NEXT_TOKEN: Shape =
    Shape::String(Text { min: Some(1), max: Some(1_024), pattern: Some("([0-9a-f]{16})+"), values: &[], arn: false });
pub static BULK_OPERATION_PERFORMANCE_TIER: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["STANDARD", "ACCELERATED"], arn: false });
pub static CANCEL_BULK_OPERATION_INPUT: Shape = Shape::Structure(Structure {
    name: "CancelBulkOperationInput",
    members: &[Member { name: "BulkOperationArn", required: true, shape: &BULK_OPERATION_ARN }],
});
pub static CLIENT_REQUEST_TOKEN: Shape =
    Shape::String(Text { min: Some(1), max: Some(36), pattern: None, values: &[], arn: false });
pub static CLIENT_TOKEN: Shape =
    Shape::String(Text { min: None, max: None, pattern: Some("^[^\\$]+$"), values: &[], arn: false });
pub static COMPARISON_OPERATOR: Shape = Shape::String(Text {
    min: None,
    max: None,
    pattern: None,
    values: &[
        "EQ",
        "NE",
        "IN",
        "LE",
        "LT",
        "GE",
        "GT",
        "BETWEEN",
        "NOT_NULL",
        "NULL",
        "CONTAINS",
        "NOT_CONTAINS",
        "BEGINS_WITH",
    ],
    arn: false,
});
pub static CONDITION: Shape = Shape::Structure(Structure {
    name: "Condition",
    members: &[
        Member { name: "AttributeValueList", required: false, shape: &ATTRIBUTE_VALUE_LIST },
        Member { name: "ComparisonOperator", required: true, shape: &COMPARISON_OPERATOR },
    ],
});
pub static CONDITION_CHECK: Shape = Shape::Structure(Structure {
    name: "ConditionCheck",
    members: &[
        Member { name: "Key", required: true, shape: &KEY },
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "ConditionExpression", required: true, shape: &CONDITION_EXPRESSION },
        Member { name: "ExpressionAttributeNames", required: false, shape: &EXPRESSION_ATTRIBUTE_NAME_MAP },
        Member { name: "ExpressionAttributeValues", required: false, shape: &EXPRESSION_ATTRIBUTE_VALUE_MAP },
        Member {
            name: "ReturnValuesOnConditionCheckFailure",
            required: false,
            shape: &RETURN_VALUES_ON_CONDITION_CHECK_FAILURE,
        },
    ],
});
pub static CONDITION_EXPRESSION: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &[], arn: false });
pub static CONDITIONAL_OPERATOR: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["AND", "OR"], arn: false });
pub static CONTRIBUTOR_INSIGHTS_ACTION: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["ENABLE", "DISABLE"], arn: false });
pub static CONTRIBUTOR_INSIGHTS_MODE: Shape = Shape::String(Text {
    min: None,
    max: None,
    pattern: None,
    values: &["ACCESSED_AND_THROTTLED_KEYS", "THROTTLED_KEYS"],
    arn: false,
});
pub static CREATE_BACKUP_INPUT: Shape = Shape::Structure(Structure {
    name: "CreateBackupInput",
    members: &[
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "BackupName", required: true, shape: &BACKUP_NAME },
    ],
});
pub static CREATE_GLOBAL_SECONDARY_INDEX_ACTION: Shape = Shape::Structure(Structure {
    name: "CreateGlobalSecondaryIndexAction",
    members: &[
        Member { name: "IndexName", required: true, shape: &INDEX_NAME },
        Member { name: "KeySchema", required: true, shape: &KEY_SCHEMA },
        Member { name: "Projection", required: true, shape: &PROJECTION },
        Member { name: "ProvisionedThroughput", required: false, shape: &PROVISIONED_THROUGHPUT },
        Member { name: "OnDemandThroughput", required: false, shape: &ON_DEMAND_THROUGHPUT },
        Member { name: "WarmThroughput", required: false, shape: &WARM_THROUGHPUT },
    ],
});
pub static CREATE_GLOBAL_TABLE_INPUT: Shape = Shape::Structure(Structure {
    name: "CreateGlobalTableInput",
    members: &[
        Member { name: "GlobalTableName", required: true, shape: &TABLE_NAME },
        Member { name: "ReplicationGroup", required: true, shape: &REPLICA_LIST },
    ],
});
pub static CREATE_GLOBAL_TABLE_WITNESS_GROUP_MEMBER_ACTION: Shape = Shape::Structure(Structure {
    name: "CreateGlobalTableWitnessGroupMemberAction",
    members: &[Member { name: "RegionName", required: true, shape: &REGION_NAME }],
});
pub static CREATE_REPLICA_ACTION: Shape = Shape::Structure(Structure {
    name: "CreateReplicaAction",
    members: &[Member { name: "RegionName", required: true, shape: &REGION_NAME }],
});
pub static CREATE_REPLICATION_GROUP_MEMBER_ACTION: Shape = Shape::Structure(Structure {
    name: "CreateReplicationGroupMemberAction",
    members: &[
        Member { name: "RegionName", required: true, shape: &REGION_NAME },
        Member { name: "KMSMasterKeyId", required: false, shape: &KMS_MASTER_KEY_ID },
        Member { name: "ProvisionedThroughputOverride", required: false, shape: &PROVISIONED_THROUGHPUT_OVERRIDE },
        Member { name: "OnDemandThroughputOverride", required: false, shape: &ON_DEMAND_THROUGHPUT_OVERRIDE },
        Member { name: "GlobalSecondaryIndexes", required: false, shape: &REPLICA_GLOBAL_SECONDARY_INDEX_LIST },
        Member { name: "TableClassOverride", required: false, shape: &TABLE_CLASS },
    ],
});
pub static CREATE_TABLE_INPUT: Shape = Shape::Structure(Structure {
    name: "CreateTableInput",
    members: &[
        Member { name: "AttributeDefinitions", required: true, shape: &ATTRIBUTE_DEFINITIONS },
        Member { name: "TableName", required: true, shape: &recorded::NEW_TABLE_NAME },
        Member { name: "KeySchema", required: true, shape: &recorded::TABLE_KEY_SCHEMA },
        Member { name: "LocalSecondaryIndexes", required: false, shape: &LOCAL_SECONDARY_INDEX_LIST },
        Member { name: "GlobalSecondaryIndexes", required: false, shape: &GLOBAL_SECONDARY_INDEX_LIST },
        Member { name: "BillingMode", required: false, shape: &BILLING_MODE },
        Member { name: "ProvisionedThroughput", required: false, shape: &PROVISIONED_THROUGHPUT },
        Member { name: "StreamSpecification", required: false, shape: &STREAM_SPECIFICATION },
        Member { name: "SSESpecification", required: false, shape: &SSE_SPECIFICATION },
        Member { name: "Tags", required: false, shape: &TAG_LIST },
        Member { name: "TableClass", required: false, shape: &TABLE_CLASS },
        Member { name: "DeletionProtectionEnabled", required: false, shape: &Shape::Boolean },
        Member { name: "WarmThroughput", required: false, shape: &WARM_THROUGHPUT },
        Member { name: "ResourcePolicy", required: false, shape: &RESOURCE_POLICY },
        Member { name: "OnDemandThroughput", required: false, shape: &ON_DEMAND_THROUGHPUT },
        Member { name: "GlobalTableSourceArn", required: false, shape: &recorded::TABLE_NAME_OR_ARN },
        Member {
            name: "GlobalTableSettingsReplicationMode",
            required: false,
            shape: &GLOBAL_TABLE_SETTINGS_REPLICATION_MODE,
        },
        Member { name: "VectorIndexes", required: false, shape: &VECTOR_INDEX_LIST },
    ],
});
pub static CREATE_VECTOR_INDEX_ACTION: Shape = Shape::Structure(Structure {
    name: "CreateVectorIndexAction",
    members: &[
        Member { name: "IndexName", required: true, shape: &INDEX_NAME },
        Member { name: "VectorAttribute", required: true, shape: &VECTOR_ATTRIBUTE_DEFINITION },
        Member { name: "SearchSchema", required: false, shape: &SEARCH_SCHEMA },
        Member { name: "Projection", required: true, shape: &PROJECTION },
        Member { name: "Dimensions", required: true, shape: &POSITIVE_LONG_OBJECT },
        Member { name: "DistanceFunction", required: true, shape: &VECTOR_DISTANCE_FUNCTION },
    ],
});
pub static CSV_DELIMITER: Shape =
    Shape::String(Text { min: Some(1), max: Some(1), pattern: Some("[,;:|\\t ]"), values: &[], arn: false });
pub static CSV_HEADER: Shape = Shape::String(Text {
    min: Some(1),
    max: Some(65_536),
    pattern: Some("[\\x20-\\x21\\x23-\\x2B\\x2D-\\x7E]*"),
    values: &[],
    arn: false,
});
pub static CSV_HEADER_LIST: Shape = Shape::List(Elements { min: Some(1), max: Some(255), element: &CSV_HEADER });
pub static CSV_OPTIONS: Shape = Shape::Structure(Structure {
    name: "CsvOptions",
    members: &[
        Member { name: "Delimiter", required: false, shape: &CSV_DELIMITER },
        Member { name: "HeaderList", required: false, shape: &CSV_HEADER_LIST },
    ],
});
pub static DELETE: Shape = Shape::Structure(Structure {
    name: "Delete",
    members: &[
        Member { name: "Key", required: true, shape: &KEY },
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "ConditionExpression", required: false, shape: &CONDITION_EXPRESSION },
        Member { name: "ExpressionAttributeNames", required: false, shape: &EXPRESSION_ATTRIBUTE_NAME_MAP },
        Member { name: "ExpressionAttributeValues", required: false, shape: &EXPRESSION_ATTRIBUTE_VALUE_MAP },
        Member {
            name: "ReturnValuesOnConditionCheckFailure",
            required: false,
            shape: &RETURN_VALUES_ON_CONDITION_CHECK_FAILURE,
        },
    ],
});
pub static DELETE_BACKUP_INPUT: Shape = Shape::Structure(Structure {
    name: "DeleteBackupInput",
    members: &[Member { name: "BackupArn", required: true, shape: &BACKUP_ARN }],
});
pub static DELETE_GLOBAL_SECONDARY_INDEX_ACTION: Shape = Shape::Structure(Structure {
    name: "DeleteGlobalSecondaryIndexAction",
    members: &[Member { name: "IndexName", required: true, shape: &INDEX_NAME }],
});
pub static DELETE_GLOBAL_TABLE_WITNESS_GROUP_MEMBER_ACTION: Shape = Shape::Structure(Structure {
    name: "DeleteGlobalTableWitnessGroupMemberAction",
    members: &[Member { name: "RegionName", required: true, shape: &REGION_NAME }],
});
pub static DELETE_ITEM_INPUT: Shape = Shape::Structure(Structure {
    name: "DeleteItemInput",
    members: &[
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "Key", required: true, shape: &KEY },
        Member { name: "Expected", required: false, shape: &EXPECTED_ATTRIBUTE_MAP },
        Member { name: "ConditionalOperator", required: false, shape: &CONDITIONAL_OPERATOR },
        Member { name: "ReturnValues", required: false, shape: &RETURN_VALUE },
        Member { name: "ReturnConsumedCapacity", required: false, shape: &RETURN_CONSUMED_CAPACITY },
        Member { name: "ReturnItemCollectionMetrics", required: false, shape: &RETURN_ITEM_COLLECTION_METRICS },
        Member { name: "ConditionExpression", required: false, shape: &CONDITION_EXPRESSION },
        Member { name: "ExpressionAttributeNames", required: false, shape: &EXPRESSION_ATTRIBUTE_NAME_MAP },
        Member { name: "ExpressionAttributeValues", required: false, shape: &EXPRESSION_ATTRIBUTE_VALUE_MAP },
        Member {
            name: "ReturnValuesOnConditionCheckFailure",
            required: false,
            shape: &RETURN_VALUES_ON_CONDITION_CHECK_FAILURE,
        },
    ],
});
pub static DELETE_REPLICA_ACTION: Shape = Shape::Structure(Structure {
    name: "DeleteReplicaAction",
    members: &[Member { name: "RegionName", required: true, shape: &REGION_NAME }],
});
pub static DELETE_REPLICATION_GROUP_MEMBER_ACTION: Shape = Shape::Structure(Structure {
    name: "DeleteReplicationGroupMemberAction",
    members: &[Member { name: "RegionName", required: true, shape: &REGION_NAME }],
});
pub static DELETE_REQUEST: Shape = Shape::Structure(Structure {
    name: "DeleteRequest",
    members: &[Member { name: "Key", required: true, shape: &KEY }],
});
pub static DELETE_RESOURCE_POLICY_INPUT: Shape = Shape::Structure(Structure {
    name: "DeleteResourcePolicyInput",
    members: &[
        Member { name: "ResourceArn", required: true, shape: &RESOURCE_ARN_STRING },
        Member { name: "ExpectedRevisionId", required: false, shape: &POLICY_REVISION_ID },
    ],
});
pub static DELETE_TABLE_INPUT: Shape = Shape::Structure(Structure {
    name: "DeleteTableInput",
    members: &[Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN }],
});
pub static DELETE_VECTOR_INDEX_ACTION: Shape = Shape::Structure(Structure {
    name: "DeleteVectorIndexAction",
    members: &[Member { name: "IndexName", required: true, shape: &INDEX_NAME }],
});
pub static DESCRIBE_BACKUP_INPUT: Shape = Shape::Structure(Structure {
    name: "DescribeBackupInput",
    members: &[Member { name: "BackupArn", required: true, shape: &BACKUP_ARN }],
});
pub static DESCRIBE_BULK_OPERATION_INPUT: Shape = Shape::Structure(Structure {
    name: "DescribeBulkOperationInput",
    members: &[Member { name: "BulkOperationArn", required: true, shape: &BULK_OPERATION_ARN }],
});
pub static DESCRIBE_CONTINUOUS_BACKUPS_INPUT: Shape = Shape::Structure(Structure {
    name: "DescribeContinuousBackupsInput",
    members: &[Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN }],
});
pub static DESCRIBE_CONTRIBUTOR_INSIGHTS_INPUT: Shape = Shape::Structure(Structure {
    name: "DescribeContributorInsightsInput",
    members: &[
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "IndexName", required: false, shape: &INDEX_NAME },
    ],
});
pub static DESCRIBE_ENDPOINTS_REQUEST: Shape =
    Shape::Structure(Structure { name: "DescribeEndpointsRequest", members: &[] });
pub static DESCRIBE_EXPORT_INPUT: Shape = Shape::Structure(Structure {
    name: "DescribeExportInput",
    members: &[Member { name: "ExportArn", required: true, shape: &EXPORT_ARN }],
});
pub static DESCRIBE_GLOBAL_TABLE_INPUT: Shape = Shape::Structure(Structure {
    name: "DescribeGlobalTableInput",
    members: &[Member { name: "GlobalTableName", required: true, shape: &TABLE_NAME }],
});
pub static DESCRIBE_GLOBAL_TABLE_SETTINGS_INPUT: Shape = Shape::Structure(Structure {
    name: "DescribeGlobalTableSettingsInput",
    members: &[Member { name: "GlobalTableName", required: true, shape: &TABLE_NAME }],
});
pub static DESCRIBE_IMPORT_INPUT: Shape = Shape::Structure(Structure {
    name: "DescribeImportInput",
    members: &[Member { name: "ImportArn", required: true, shape: &IMPORT_ARN }],
});
pub static DESCRIBE_KINESIS_STREAMING_DESTINATION_INPUT: Shape = Shape::Structure(Structure {
    name: "DescribeKinesisStreamingDestinationInput",
    members: &[Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN }],
});
pub static DESCRIBE_LIMITS_INPUT: Shape = Shape::Structure(Structure { name: "DescribeLimitsInput", members: &[] });
pub static DESCRIBE_TABLE_INPUT: Shape = Shape::Structure(Structure {
    name: "DescribeTableInput",
    members: &[Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN }],
});
pub static DESCRIBE_TABLE_REPLICA_AUTO_SCALING_INPUT: Shape = Shape::Structure(Structure {
    name: "DescribeTableReplicaAutoScalingInput",
    members: &[Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN }],
});
pub static DESCRIBE_TIME_TO_LIVE_INPUT: Shape = Shape::Structure(Structure {
    name: "DescribeTimeToLiveInput",
    members: &[Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN }],
});
pub static DISASSOCIATE_REPLICATION_GROUP_MEMBER_ACTION: Shape = Shape::Structure(Structure {
    name: "DisassociateReplicationGroupMemberAction",
    members: &[
        Member { name: "RegionName", required: true, shape: &REGION_NAME },
        Member { name: "DisassociationMode", required: true, shape: &DISASSOCIATION_MODE },
    ],
});
pub static DISASSOCIATION_MODE: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["WAIT_FOR_REPLICATION"], arn: false });
pub static ENABLE_KINESIS_STREAMING_CONFIGURATION: Shape = Shape::Structure(Structure {
    name: "EnableKinesisStreamingConfiguration",
    members: &[Member {
        name: "ApproximateCreationDateTimePrecision",
        required: false,
        shape: &APPROXIMATE_CREATION_DATE_TIME_PRECISION,
    }],
});
pub static EXECUTE_STATEMENT_INPUT: Shape = Shape::Structure(Structure {
    name: "ExecuteStatementInput",
    members: &[
        Member { name: "Statement", required: true, shape: &PARTI_QL_STATEMENT },
        Member { name: "Parameters", required: false, shape: &PREPARED_STATEMENT_PARAMETERS },
        Member { name: "ConsistentRead", required: false, shape: &Shape::Boolean },
        Member { name: "NextToken", required: false, shape: &PARTI_QL_NEXT_TOKEN },
        Member { name: "ReturnConsumedCapacity", required: false, shape: &RETURN_CONSUMED_CAPACITY },
        Member { name: "Limit", required: false, shape: &POSITIVE_INTEGER_OBJECT },
        Member {
            name: "ReturnValuesOnConditionCheckFailure",
            required: false,
            shape: &RETURN_VALUES_ON_CONDITION_CHECK_FAILURE,
        },
    ],
});
pub static EXECUTE_TRANSACTION_INPUT: Shape = Shape::Structure(Structure {
    name: "ExecuteTransactionInput",
    members: &[
        Member { name: "TransactStatements", required: true, shape: &PARAMETERIZED_STATEMENTS },
        Member { name: "ClientRequestToken", required: false, shape: &CLIENT_REQUEST_TOKEN },
        Member { name: "ReturnConsumedCapacity", required: false, shape: &RETURN_CONSUMED_CAPACITY },
    ],
});
pub static EXPECTED_ATTRIBUTE_MAP: Shape =
    Shape::Map(Entries { min: None, max: None, key: &ATTRIBUTE_NAME, value: &EXPECTED_ATTRIBUTE_VALUE });
pub static EXPECTED_ATTRIBUTE_VALUE: Shape = Shape::Structure(Structure {
    name: "ExpectedAttributeValue",
    members: &[
        Member { name: "Value", required: false, shape: &Shape::AttributeValue },
        Member { name: "Exists", required: false, shape: &Shape::Boolean },
        Member { name: "ComparisonOperator", required: false, shape: &COMPARISON_OPERATOR },
        Member { name: "AttributeValueList", required: false, shape: &ATTRIBUTE_VALUE_LIST },
    ],
});
pub static EXPORT_ARN: Shape =
    Shape::String(Text { min: Some(37), max: Some(1_024), pattern: None, values: &[], arn: false });
pub static EXPORT_FORMAT: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["DYNAMODB_JSON", "ION"], arn: false });
pub static EXPORT_NEXT_TOKEN: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &[], arn: false });
pub static EXPORT_TABLE_TO_POINT_IN_TIME_INPUT: Shape = Shape::Structure(Structure {
    name: "ExportTableToPointInTimeInput",
    members: &[
        Member { name: "TableArn", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "ExportTime", required: false, shape: &Shape::Timestamp },
        Member { name: "ClientToken", required: false, shape: &CLIENT_TOKEN },
        Member { name: "S3Bucket", required: true, shape: &S3_BUCKET },
        Member { name: "S3BucketOwner", required: false, shape: &S3_BUCKET_OWNER },
        Member { name: "S3Prefix", required: false, shape: &S3_PREFIX },
        Member { name: "S3SseAlgorithm", required: false, shape: &S3_SSE_ALGORITHM },
        Member { name: "S3SseKmsKeyId", required: false, shape: &S3_SSE_KMS_KEY_ID },
        Member { name: "ExportFormat", required: false, shape: &EXPORT_FORMAT },
        Member { name: "ExportType", required: false, shape: &EXPORT_TYPE },
        Member { name: "IncrementalExportSpecification", required: false, shape: &INCREMENTAL_EXPORT_SPECIFICATION },
        Member { name: "FilterSpecification", required: false, shape: &FILTER_SPECIFICATION },
    ],
});
pub static EXPORT_TYPE: Shape = Shape::String(Text {
    min: None,
    max: None,
    pattern: None,
    values: &["FULL_EXPORT", "INCREMENTAL_EXPORT"],
    arn: false,
});
pub static EXPORT_VIEW_TYPE: Shape = Shape::String(Text {
    min: None,
    max: None,
    pattern: None,
    values: &["NEW_IMAGE", "NEW_AND_OLD_IMAGES"],
    arn: false,
});
pub static EXPRESSION_ATTRIBUTE_NAME_MAP: Shape =
    Shape::Map(Entries { min: None, max: None, key: &EXPRESSION_ATTRIBUTE_NAME_VARIABLE, value: &ATTRIBUTE_NAME });
pub static EXPRESSION_ATTRIBUTE_NAME_VARIABLE: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &[], arn: false });
pub static EXPRESSION_ATTRIBUTE_VALUE_MAP: Shape = Shape::Map(Entries {
    min: None,
    max: None,
    key: &EXPRESSION_ATTRIBUTE_VALUE_VARIABLE,
    value: &Shape::AttributeValue,
});
pub static EXPRESSION_ATTRIBUTE_VALUE_VARIABLE: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &[], arn: false });
pub static FILTER_CONDITION_MAP: Shape =
    Shape::Map(Entries { min: None, max: None, key: &ATTRIBUTE_NAME, value: &CONDITION });
pub static FILTER_SPECIFICATION: Shape = Shape::Structure(Structure {
    name: "FilterSpecification",
    members: &[
        Member { name: "FilterExpression", required: false, shape: &CONDITION_EXPRESSION },
        Member { name: "ProjectionExpression", required: false, shape: &PROJECTION_EXPRESSION },
        Member { name: "KeyConditionExpression", required: false, shape: &KEY_EXPRESSION },
        Member { name: "ExpressionAttributeNames", required: false, shape: &EXPRESSION_ATTRIBUTE_NAME_MAP },
        Member { name: "ExpressionAttributeValues", required: false, shape: &EXPRESSION_ATTRIBUTE_VALUE_MAP },
    ],
});
pub static GET: Shape = Shape::Structure(Structure {
    name: "Get",
    members: &[
        Member { name: "Key", required: true, shape: &KEY },
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "ProjectionExpression", required: false, shape: &PROJECTION_EXPRESSION },
        Member { name: "ExpressionAttributeNames", required: false, shape: &EXPRESSION_ATTRIBUTE_NAME_MAP },
    ],
});
pub static GET_ITEM_INPUT: Shape = Shape::Structure(Structure {
    name: "GetItemInput",
    members: &[
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "Key", required: true, shape: &KEY },
        Member { name: "AttributesToGet", required: false, shape: &ATTRIBUTE_NAME_LIST },
        Member { name: "ConsistentRead", required: false, shape: &Shape::Boolean },
        Member { name: "ReturnConsumedCapacity", required: false, shape: &RETURN_CONSUMED_CAPACITY },
        Member { name: "ProjectionExpression", required: false, shape: &PROJECTION_EXPRESSION },
        Member { name: "ExpressionAttributeNames", required: false, shape: &EXPRESSION_ATTRIBUTE_NAME_MAP },
    ],
});
pub static GET_RESOURCE_POLICY_INPUT: Shape = Shape::Structure(Structure {
    name: "GetResourcePolicyInput",
    members: &[Member { name: "ResourceArn", required: true, shape: &RESOURCE_ARN_STRING }],
});
pub static GLOBAL_SECONDARY_INDEX: Shape = Shape::Structure(Structure {
    name: "GlobalSecondaryIndex",
    members: &[
        Member { name: "IndexName", required: true, shape: &INDEX_NAME },
        Member { name: "KeySchema", required: true, shape: &KEY_SCHEMA },
        Member { name: "Projection", required: true, shape: &PROJECTION },
        Member { name: "ProvisionedThroughput", required: false, shape: &PROVISIONED_THROUGHPUT },
        Member { name: "OnDemandThroughput", required: false, shape: &ON_DEMAND_THROUGHPUT },
        Member { name: "WarmThroughput", required: false, shape: &WARM_THROUGHPUT },
    ],
});
pub static GLOBAL_SECONDARY_INDEX_AUTO_SCALING_UPDATE: Shape = Shape::Structure(Structure {
    name: "GlobalSecondaryIndexAutoScalingUpdate",
    members: &[
        Member { name: "IndexName", required: false, shape: &INDEX_NAME },
        Member {
            name: "ProvisionedWriteCapacityAutoScalingUpdate",
            required: false,
            shape: &AUTO_SCALING_SETTINGS_UPDATE,
        },
    ],
});
pub static GLOBAL_SECONDARY_INDEX_AUTO_SCALING_UPDATE_LIST: Shape =
    Shape::List(Elements { min: Some(1), max: None, element: &GLOBAL_SECONDARY_INDEX_AUTO_SCALING_UPDATE });
pub static GLOBAL_SECONDARY_INDEX_LIST: Shape =
    Shape::List(Elements { min: None, max: None, element: &GLOBAL_SECONDARY_INDEX });
pub static GLOBAL_SECONDARY_INDEX_UPDATE: Shape = Shape::Structure(Structure {
    name: "GlobalSecondaryIndexUpdate",
    members: &[
        Member { name: "Update", required: false, shape: &UPDATE_GLOBAL_SECONDARY_INDEX_ACTION },
        Member { name: "Create", required: false, shape: &CREATE_GLOBAL_SECONDARY_INDEX_ACTION },
        Member { name: "Delete", required: false, shape: &DELETE_GLOBAL_SECONDARY_INDEX_ACTION },
    ],
});
pub static GLOBAL_SECONDARY_INDEX_UPDATE_LIST: Shape =
    Shape::List(Elements { min: None, max: None, element: &GLOBAL_SECONDARY_INDEX_UPDATE });
pub static GLOBAL_TABLE_GLOBAL_SECONDARY_INDEX_SETTINGS_UPDATE: Shape = Shape::Structure(Structure {
    name: "GlobalTableGlobalSecondaryIndexSettingsUpdate",
    members: &[
        Member { name: "IndexName", required: true, shape: &INDEX_NAME },
        Member { name: "ProvisionedWriteCapacityUnits", required: false, shape: &POSITIVE_LONG_OBJECT },
        Member {
            name: "ProvisionedWriteCapacityAutoScalingSettingsUpdate",
            required: false,
            shape: &AUTO_SCALING_SETTINGS_UPDATE,
        },
    ],
});
pub static GLOBAL_TABLE_GLOBAL_SECONDARY_INDEX_SETTINGS_UPDATE_LIST: Shape = Shape::List(Elements {
    min: Some(1),
    max: Some(20),
    element: &GLOBAL_TABLE_GLOBAL_SECONDARY_INDEX_SETTINGS_UPDATE,
});
pub static GLOBAL_TABLE_SETTINGS_REPLICATION_MODE: Shape = Shape::String(Text {
    min: None,
    max: None,
    pattern: None,
    values: &["ENABLED", "DISABLED", "ENABLED_WITH_OVERRIDES"],
    arn: false,
});
pub static GLOBAL_TABLE_WITNESS_GROUP_UPDATE: Shape = Shape::Structure(Structure {
    name: "GlobalTableWitnessGroupUpdate",
    members: &[
        Member { name: "Create", required: false, shape: &CREATE_GLOBAL_TABLE_WITNESS_GROUP_MEMBER_ACTION },
        Member { name: "Delete", required: false, shape: &DELETE_GLOBAL_TABLE_WITNESS_GROUP_MEMBER_ACTION },
    ],
});
pub static GLOBAL_TABLE_WITNESS_GROUP_UPDATE_LIST: Shape =
    Shape::List(Elements { min: Some(1), max: Some(1), element: &GLOBAL_TABLE_WITNESS_GROUP_UPDATE });
pub static IMPORT_ARN: Shape =
    Shape::String(Text { min: Some(37), max: Some(1_024), pattern: None, values: &[], arn: false });
pub static IMPORT_NEXT_TOKEN: Shape =
    Shape::String(Text { min: Some(112), max: Some(1_024), pattern: Some("([0-9a-f]{16})+"), values: &[], arn: false });
pub static IMPORT_TABLE_INPUT: Shape = Shape::Structure(Structure {
    name: "ImportTableInput",
    members: &[
        Member { name: "ClientToken", required: false, shape: &CLIENT_TOKEN },
        Member { name: "S3BucketSource", required: true, shape: &S3_BUCKET_SOURCE },
        Member { name: "InputFormat", required: true, shape: &INPUT_FORMAT },
        Member { name: "InputFormatOptions", required: false, shape: &INPUT_FORMAT_OPTIONS },
        Member { name: "InputCompressionType", required: false, shape: &INPUT_COMPRESSION_TYPE },
        Member { name: "TableCreationParameters", required: true, shape: &TABLE_CREATION_PARAMETERS },
    ],
});
pub static INCREMENTAL_EXPORT_SPECIFICATION: Shape = Shape::Structure(Structure {
    name: "IncrementalExportSpecification",
    members: &[
        Member { name: "ExportFromTime", required: false, shape: &Shape::Timestamp },
        Member { name: "ExportToTime", required: false, shape: &Shape::Timestamp },
        Member { name: "ExportViewType", required: false, shape: &EXPORT_VIEW_TYPE },
    ],
});
pub static INDEX_NAME: Shape =
    Shape::String(Text { min: Some(3), max: Some(255), pattern: Some("[a-zA-Z0-9_.-]+"), values: &[], arn: false });
pub static INPUT_COMPRESSION_TYPE: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["GZIP", "ZSTD", "NONE"], arn: false });
pub static INPUT_FORMAT: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["DYNAMODB_JSON", "ION", "CSV"], arn: false });
pub static INPUT_FORMAT_OPTIONS: Shape = Shape::Structure(Structure {
    name: "InputFormatOptions",
    members: &[Member { name: "Csv", required: false, shape: &CSV_OPTIONS }],
});
pub static INPUT_S3_CONFIGURATION: Shape = Shape::Structure(Structure {
    name: "InputS3Configuration",
    members: &[
        Member { name: "S3BucketOwner", required: false, shape: &S3_BUCKET_OWNER },
        Member { name: "S3Bucket", required: true, shape: &S3_BUCKET },
        Member { name: "S3KeyPrefix", required: false, shape: &S3_PREFIX },
        Member { name: "InputFormat", required: true, shape: &BULK_OPERATION_INPUT_FORMAT },
        Member { name: "InputCompressionType", required: false, shape: &INPUT_COMPRESSION_TYPE },
    ],
});
pub static INTEGER_OBJECT: Shape = Shape::Integer(Range { min: None, max: None });
pub static KMS_MASTER_KEY_ID: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &[], arn: false });
pub static KEY: Shape =
    Shape::Map(Entries { min: None, max: None, key: &ATTRIBUTE_NAME, value: &Shape::AttributeValue });
pub static KEY_CONDITIONS: Shape =
    Shape::Map(Entries { min: None, max: None, key: &ATTRIBUTE_NAME, value: &CONDITION });
pub static KEY_EXPRESSION: Shape = Shape::String(Text { min: None, max: None, pattern: None, values: &[], arn: false });
pub static KEY_LIST: Shape = Shape::List(Elements { min: Some(1), max: Some(100), element: &KEY });
pub static KEY_SCHEMA: Shape = Shape::List(Elements { min: Some(1), max: None, element: &KEY_SCHEMA_ELEMENT });
pub static KEY_SCHEMA_ATTRIBUTE_NAME: Shape =
    Shape::String(Text { min: Some(1), max: Some(255), pattern: None, values: &[], arn: false });
pub static KEY_SCHEMA_ELEMENT: Shape = Shape::Structure(Structure {
    name: "KeySchemaElement",
    members: &[
        Member { name: "AttributeName", required: true, shape: &KEY_SCHEMA_ATTRIBUTE_NAME },
        Member { name: "KeyType", required: true, shape: &KEY_TYPE },
    ],
});
pub static KEY_TYPE: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["HASH", "RANGE"], arn: false });
pub static KEYS_AND_ATTRIBUTES: Shape = Shape::Structure(Structure {
    name: "KeysAndAttributes",
    members: &[
        Member { name: "Keys", required: true, shape: &KEY_LIST },
        Member { name: "AttributesToGet", required: false, shape: &ATTRIBUTE_NAME_LIST },
        Member { name: "ConsistentRead", required: false, shape: &Shape::Boolean },
        Member { name: "ProjectionExpression", required: false, shape: &PROJECTION_EXPRESSION },
        Member { name: "ExpressionAttributeNames", required: false, shape: &EXPRESSION_ATTRIBUTE_NAME_MAP },
    ],
});
pub static KINESIS_STREAMING_DESTINATION_INPUT: Shape = Shape::Structure(Structure {
    name: "KinesisStreamingDestinationInput",
    members: &[
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "StreamArn", required: true, shape: &STREAM_ARN },
        Member {
            name: "EnableKinesisStreamingConfiguration",
            required: false,
            shape: &ENABLE_KINESIS_STREAMING_CONFIGURATION,
        },
    ],
});
pub static LIST_BACKUPS_INPUT: Shape = Shape::Structure(Structure {
    name: "ListBackupsInput",
    members: &[
        Member { name: "TableName", required: false, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "Limit", required: false, shape: &BACKUPS_INPUT_LIMIT },
        Member { name: "TimeRangeLowerBound", required: false, shape: &Shape::Timestamp },
        Member { name: "TimeRangeUpperBound", required: false, shape: &Shape::Timestamp },
        Member { name: "ExclusiveStartBackupArn", required: false, shape: &BACKUP_ARN },
        Member { name: "BackupType", required: false, shape: &BACKUP_TYPE_FILTER },
    ],
});
pub static LIST_BULK_OPERATIONS_INPUT: Shape = Shape::Structure(Structure {
    name: "ListBulkOperationsInput",
    members: &[
        Member { name: "MaxResults", required: false, shape: &LIST_BULK_OPERATIONS_MAX_LIMIT },
        Member { name: "NextToken", required: false, shape: &BULK_OPERATION_NEXT_TOKEN },
    ],
});
pub static LIST_BULK_OPERATIONS_MAX_LIMIT: Shape = Shape::Integer(Range { min: Some(1), max: Some(25) });
pub static LIST_CONTRIBUTOR_INSIGHTS_INPUT: Shape = Shape::Structure(Structure {
    name: "ListContributorInsightsInput",
    members: &[
        Member { name: "TableName", required: false, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "NextToken", required: false, shape: &NEXT_TOKEN_STRING },
        Member { name: "MaxResults", required: false, shape: &LIST_CONTRIBUTOR_INSIGHTS_LIMIT },
    ],
});
pub static LIST_CONTRIBUTOR_INSIGHTS_LIMIT: Shape = Shape::Integer(Range { min: None, max: Some(100) });
pub static LIST_EXPORTS_INPUT: Shape = Shape::Structure(Structure {
    name: "ListExportsInput",
    members: &[
        Member { name: "TableArn", required: false, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "MaxResults", required: false, shape: &LIST_EXPORTS_MAX_LIMIT },
        Member { name: "NextToken", required: false, shape: &EXPORT_NEXT_TOKEN },
    ],
});
pub static LIST_EXPORTS_MAX_LIMIT: Shape = Shape::Integer(Range { min: Some(1), max: Some(25) });
pub static LIST_GLOBAL_TABLES_INPUT: Shape = Shape::Structure(Structure {
    name: "ListGlobalTablesInput",
    members: &[
        Member { name: "ExclusiveStartGlobalTableName", required: false, shape: &TABLE_NAME },
        Member { name: "Limit", required: false, shape: &POSITIVE_INTEGER_OBJECT },
        Member { name: "RegionName", required: false, shape: &REGION_NAME },
    ],
});
pub static LIST_IMPORTS_INPUT: Shape = Shape::Structure(Structure {
    name: "ListImportsInput",
    members: &[
        Member { name: "TableArn", required: false, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "PageSize", required: false, shape: &LIST_IMPORTS_MAX_LIMIT },
        Member { name: "NextToken", required: false, shape: &IMPORT_NEXT_TOKEN },
    ],
});
pub static LIST_IMPORTS_MAX_LIMIT: Shape = Shape::Integer(Range { min: Some(1), max: Some(25) });
pub static LIST_TABLES_INPUT: Shape = Shape::Structure(Structure {
    name: "ListTablesInput",
    members: &[
        Member { name: "ExclusiveStartTableName", required: false, shape: &TABLE_NAME },
        Member { name: "Limit", required: false, shape: &LIST_TABLES_INPUT_LIMIT },
    ],
});
pub static LIST_TABLES_INPUT_LIMIT: Shape = Shape::Integer(Range { min: Some(1), max: Some(100) });
pub static LIST_TAGS_OF_RESOURCE_INPUT: Shape = Shape::Structure(Structure {
    name: "ListTagsOfResourceInput",
    members: &[
        Member { name: "ResourceArn", required: true, shape: &RESOURCE_ARN_STRING },
        Member { name: "NextToken", required: false, shape: &NEXT_TOKEN_STRING },
    ],
});
pub static LOCAL_SECONDARY_INDEX: Shape = Shape::Structure(Structure {
    name: "LocalSecondaryIndex",
    members: &[
        Member { name: "IndexName", required: true, shape: &INDEX_NAME },
        Member { name: "KeySchema", required: true, shape: &recorded::TABLE_KEY_SCHEMA },
        Member { name: "Projection", required: true, shape: &PROJECTION },
    ],
});
pub static LOCAL_SECONDARY_INDEX_LIST: Shape =
    Shape::List(Elements { min: None, max: None, element: &LOCAL_SECONDARY_INDEX });
pub static LONG_OBJECT: Shape = Shape::Long(Range { min: None, max: None });
pub static MULTI_REGION_CONSISTENCY: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["EVENTUAL", "STRONG"], arn: false });
pub static NEXT_TOKEN_STRING: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &[], arn: false });
pub static NON_KEY_ATTRIBUTE_NAME: Shape =
    Shape::String(Text { min: Some(1), max: Some(255), pattern: None, values: &[], arn: false });
pub static NON_KEY_ATTRIBUTE_NAME_LIST: Shape =
    Shape::List(Elements { min: Some(1), max: Some(20), element: &NON_KEY_ATTRIBUTE_NAME });
pub static ON_DEMAND_THROUGHPUT: Shape = Shape::Structure(Structure {
    name: "OnDemandThroughput",
    members: &[
        Member { name: "MaxReadRequestUnits", required: false, shape: &LONG_OBJECT },
        Member { name: "MaxWriteRequestUnits", required: false, shape: &LONG_OBJECT },
    ],
});
pub static ON_DEMAND_THROUGHPUT_OVERRIDE: Shape = Shape::Structure(Structure {
    name: "OnDemandThroughputOverride",
    members: &[Member { name: "MaxReadRequestUnits", required: false, shape: &LONG_OBJECT }],
});
pub static OUTPUT_S3_CONFIGURATION: Shape = Shape::Structure(Structure {
    name: "OutputS3Configuration",
    members: &[
        Member { name: "S3BucketOwner", required: false, shape: &S3_BUCKET_OWNER },
        Member { name: "S3Bucket", required: false, shape: &S3_BUCKET },
        Member { name: "S3KeyPrefix", required: false, shape: &S3_PREFIX },
        Member { name: "S3SseAlgorithm", required: false, shape: &S3_SSE_ALGORITHM },
        Member { name: "S3SseKmsKeyId", required: false, shape: &S3_SSE_KMS_KEY_ID },
        Member { name: "OutputType", required: true, shape: &OUTPUT_TYPE_LIST },
    ],
});
pub static OUTPUT_TYPE_ENUM: Shape = Shape::String(Text {
    min: None,
    max: None,
    pattern: None,
    values: &["ERROR", "CONDITION_CHECK_FAILURE"],
    arn: false,
});
pub static OUTPUT_TYPE_LIST: Shape = Shape::List(Elements { min: None, max: None, element: &OUTPUT_TYPE_ENUM });
pub static PARAMETERIZED_STATEMENT: Shape = Shape::Structure(Structure {
    name: "ParameterizedStatement",
    members: &[
        Member { name: "Statement", required: true, shape: &PARTI_QL_STATEMENT },
        Member { name: "Parameters", required: false, shape: &PREPARED_STATEMENT_PARAMETERS },
        Member {
            name: "ReturnValuesOnConditionCheckFailure",
            required: false,
            shape: &RETURN_VALUES_ON_CONDITION_CHECK_FAILURE,
        },
    ],
});
pub static PARAMETERIZED_STATEMENTS: Shape =
    Shape::List(Elements { min: Some(1), max: Some(100), element: &PARAMETERIZED_STATEMENT });
pub static PARTI_QL_BATCH_REQUEST: Shape =
    Shape::List(Elements { min: Some(1), max: Some(25), element: &BATCH_STATEMENT_REQUEST });
pub static PARTI_QL_NEXT_TOKEN: Shape =
    Shape::String(Text { min: Some(1), max: Some(32_768), pattern: None, values: &[], arn: false });
pub static PARTI_QL_STATEMENT: Shape =
    Shape::String(Text { min: Some(1), max: Some(8_192), pattern: None, values: &[], arn: false });
pub static POINT_IN_TIME_RECOVERY_SPECIFICATION: Shape = Shape::Structure(Structure {
    name: "PointInTimeRecoverySpecification",
    members: &[
        Member { name: "PointInTimeRecoveryEnabled", required: true, shape: &Shape::Boolean },
        Member { name: "RecoveryPeriodInDays", required: false, shape: &RECOVERY_PERIOD_IN_DAYS },
    ],
});
pub static POLICY_REVISION_ID: Shape =
    Shape::String(Text { min: Some(1), max: Some(255), pattern: None, values: &[], arn: false });
pub static POSITIVE_INTEGER_OBJECT: Shape = Shape::Integer(Range { min: Some(1), max: None });
pub static POSITIVE_LONG_OBJECT: Shape = Shape::Long(Range { min: Some(1), max: None });
pub static PREPARED_STATEMENT_PARAMETERS: Shape =
    Shape::List(Elements { min: Some(1), max: None, element: &Shape::AttributeValue });
pub static PROJECTION: Shape = Shape::Structure(Structure {
    name: "Projection",
    members: &[
        Member { name: "ProjectionType", required: false, shape: &PROJECTION_TYPE },
        Member { name: "NonKeyAttributes", required: false, shape: &NON_KEY_ATTRIBUTE_NAME_LIST },
    ],
});
pub static PROJECTION_EXPRESSION: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &[], arn: false });
pub static PROJECTION_TYPE: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["ALL", "KEYS_ONLY", "INCLUDE"], arn: false });
pub static PROVISIONED_THROUGHPUT: Shape = Shape::Structure(Structure {
    name: "ProvisionedThroughput",
    members: &[
        Member { name: "ReadCapacityUnits", required: true, shape: &POSITIVE_LONG_OBJECT },
        Member { name: "WriteCapacityUnits", required: true, shape: &POSITIVE_LONG_OBJECT },
    ],
});
pub static PROVISIONED_THROUGHPUT_OVERRIDE: Shape = Shape::Structure(Structure {
    name: "ProvisionedThroughputOverride",
    members: &[Member { name: "ReadCapacityUnits", required: false, shape: &POSITIVE_LONG_OBJECT }],
});
pub static PUT: Shape = Shape::Structure(Structure {
    name: "Put",
    members: &[
        Member { name: "Item", required: true, shape: &PUT_ITEM_INPUT_ATTRIBUTE_MAP },
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "ConditionExpression", required: false, shape: &CONDITION_EXPRESSION },
        Member { name: "ExpressionAttributeNames", required: false, shape: &EXPRESSION_ATTRIBUTE_NAME_MAP },
        Member { name: "ExpressionAttributeValues", required: false, shape: &EXPRESSION_ATTRIBUTE_VALUE_MAP },
        Member {
            name: "ReturnValuesOnConditionCheckFailure",
            required: false,
            shape: &RETURN_VALUES_ON_CONDITION_CHECK_FAILURE,
        },
    ],
});
pub static PUT_ITEM_INPUT: Shape = Shape::Structure(Structure {
    name: "PutItemInput",
    members: &[
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "Item", required: true, shape: &PUT_ITEM_INPUT_ATTRIBUTE_MAP },
        Member { name: "Expected", required: false, shape: &EXPECTED_ATTRIBUTE_MAP },
        Member { name: "ReturnValues", required: false, shape: &RETURN_VALUE },
        Member { name: "ReturnConsumedCapacity", required: false, shape: &RETURN_CONSUMED_CAPACITY },
        Member { name: "ReturnItemCollectionMetrics", required: false, shape: &RETURN_ITEM_COLLECTION_METRICS },
        Member { name: "ConditionalOperator", required: false, shape: &CONDITIONAL_OPERATOR },
        Member { name: "ConditionExpression", required: false, shape: &CONDITION_EXPRESSION },
        Member { name: "ExpressionAttributeNames", required: false, shape: &EXPRESSION_ATTRIBUTE_NAME_MAP },
        Member { name: "ExpressionAttributeValues", required: false, shape: &EXPRESSION_ATTRIBUTE_VALUE_MAP },
        Member {
            name: "ReturnValuesOnConditionCheckFailure",
            required: false,
            shape: &RETURN_VALUES_ON_CONDITION_CHECK_FAILURE,
        },
    ],
});
pub static PUT_ITEM_INPUT_ATTRIBUTE_MAP: Shape =
    Shape::Map(Entries { min: None, max: None, key: &ATTRIBUTE_NAME, value: &Shape::AttributeValue });
pub static PUT_REQUEST: Shape = Shape::Structure(Structure {
    name: "PutRequest",
    members: &[Member { name: "Item", required: true, shape: &PUT_ITEM_INPUT_ATTRIBUTE_MAP }],
});
pub static PUT_RESOURCE_POLICY_INPUT: Shape = Shape::Structure(Structure {
    name: "PutResourcePolicyInput",
    members: &[
        Member { name: "ResourceArn", required: true, shape: &RESOURCE_ARN_STRING },
        Member { name: "Policy", required: true, shape: &RESOURCE_POLICY },
        Member { name: "ExpectedRevisionId", required: false, shape: &POLICY_REVISION_ID },
        Member { name: "ConfirmRemoveSelfResourceAccess", required: false, shape: &Shape::Boolean },
    ],
});
pub static QUERY_INPUT: Shape = Shape::Structure(Structure {
    name: "QueryInput",
    members: &[
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "IndexName", required: false, shape: &INDEX_NAME },
        Member { name: "Select", required: false, shape: &SELECT },
        Member { name: "AttributesToGet", required: false, shape: &ATTRIBUTE_NAME_LIST },
        Member { name: "Limit", required: false, shape: &POSITIVE_INTEGER_OBJECT },
        Member { name: "ConsistentRead", required: false, shape: &Shape::Boolean },
        Member { name: "KeyConditions", required: false, shape: &KEY_CONDITIONS },
        Member { name: "QueryFilter", required: false, shape: &FILTER_CONDITION_MAP },
        Member { name: "ConditionalOperator", required: false, shape: &CONDITIONAL_OPERATOR },
        Member { name: "ScanIndexForward", required: false, shape: &Shape::Boolean },
        Member { name: "ExclusiveStartKey", required: false, shape: &KEY },
        Member { name: "ReturnConsumedCapacity", required: false, shape: &RETURN_CONSUMED_CAPACITY },
        Member { name: "ProjectionExpression", required: false, shape: &PROJECTION_EXPRESSION },
        Member { name: "FilterExpression", required: false, shape: &CONDITION_EXPRESSION },
        Member { name: "KeyConditionExpression", required: false, shape: &KEY_EXPRESSION },
        Member { name: "ExpressionAttributeNames", required: false, shape: &EXPRESSION_ATTRIBUTE_NAME_MAP },
        Member { name: "ExpressionAttributeValues", required: false, shape: &EXPRESSION_ATTRIBUTE_VALUE_MAP },
    ],
});
pub static RECOVERY_PERIOD_IN_DAYS: Shape = Shape::Integer(Range { min: Some(1), max: Some(35) });
pub static REGION_NAME: Shape = Shape::String(Text { min: None, max: None, pattern: None, values: &[], arn: false });
pub static REPLICA: Shape = Shape::Structure(Structure {
    name: "Replica",
    members: &[Member { name: "RegionName", required: false, shape: &REGION_NAME }],
});
pub static REPLICA_AUTO_SCALING_UPDATE: Shape = Shape::Structure(Structure {
    name: "ReplicaAutoScalingUpdate",
    members: &[
        Member { name: "RegionName", required: true, shape: &REGION_NAME },
        Member {
            name: "ReplicaGlobalSecondaryIndexUpdates",
            required: false,
            shape: &REPLICA_GLOBAL_SECONDARY_INDEX_AUTO_SCALING_UPDATE_LIST,
        },
        Member {
            name: "ReplicaProvisionedReadCapacityAutoScalingUpdate",
            required: false,
            shape: &AUTO_SCALING_SETTINGS_UPDATE,
        },
    ],
});
pub static REPLICA_AUTO_SCALING_UPDATE_LIST: Shape =
    Shape::List(Elements { min: Some(1), max: None, element: &REPLICA_AUTO_SCALING_UPDATE });
pub static REPLICA_GLOBAL_SECONDARY_INDEX: Shape = Shape::Structure(Structure {
    name: "ReplicaGlobalSecondaryIndex",
    members: &[
        Member { name: "IndexName", required: true, shape: &INDEX_NAME },
        Member { name: "ProvisionedThroughputOverride", required: false, shape: &PROVISIONED_THROUGHPUT_OVERRIDE },
        Member { name: "OnDemandThroughputOverride", required: false, shape: &ON_DEMAND_THROUGHPUT_OVERRIDE },
    ],
});
pub static REPLICA_GLOBAL_SECONDARY_INDEX_AUTO_SCALING_UPDATE: Shape = Shape::Structure(Structure {
    name: "ReplicaGlobalSecondaryIndexAutoScalingUpdate",
    members: &[
        Member { name: "IndexName", required: false, shape: &INDEX_NAME },
        Member {
            name: "ProvisionedReadCapacityAutoScalingUpdate",
            required: false,
            shape: &AUTO_SCALING_SETTINGS_UPDATE,
        },
    ],
});
pub static REPLICA_GLOBAL_SECONDARY_INDEX_AUTO_SCALING_UPDATE_LIST: Shape =
    Shape::List(Elements { min: None, max: None, element: &REPLICA_GLOBAL_SECONDARY_INDEX_AUTO_SCALING_UPDATE });
pub static REPLICA_GLOBAL_SECONDARY_INDEX_LIST: Shape =
    Shape::List(Elements { min: Some(1), max: None, element: &REPLICA_GLOBAL_SECONDARY_INDEX });
pub static REPLICA_GLOBAL_SECONDARY_INDEX_SETTINGS_UPDATE: Shape = Shape::Structure(Structure {
    name: "ReplicaGlobalSecondaryIndexSettingsUpdate",
    members: &[
        Member { name: "IndexName", required: true, shape: &INDEX_NAME },
        Member { name: "ProvisionedReadCapacityUnits", required: false, shape: &POSITIVE_LONG_OBJECT },
        Member {
            name: "ProvisionedReadCapacityAutoScalingSettingsUpdate",
            required: false,
            shape: &AUTO_SCALING_SETTINGS_UPDATE,
        },
    ],
});
pub static REPLICA_GLOBAL_SECONDARY_INDEX_SETTINGS_UPDATE_LIST: Shape =
    Shape::List(Elements { min: Some(1), max: Some(20), element: &REPLICA_GLOBAL_SECONDARY_INDEX_SETTINGS_UPDATE });
pub static REPLICA_LIST: Shape = Shape::List(Elements { min: None, max: None, element: &REPLICA });
pub static REPLICA_SETTINGS_UPDATE: Shape = Shape::Structure(Structure {
    name: "ReplicaSettingsUpdate",
    members: &[
        Member { name: "RegionName", required: true, shape: &REGION_NAME },
        Member { name: "ReplicaProvisionedReadCapacityUnits", required: false, shape: &POSITIVE_LONG_OBJECT },
        Member {
            name: "ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate",
            required: false,
            shape: &AUTO_SCALING_SETTINGS_UPDATE,
        },
        Member {
            name: "ReplicaGlobalSecondaryIndexSettingsUpdate",
            required: false,
            shape: &REPLICA_GLOBAL_SECONDARY_INDEX_SETTINGS_UPDATE_LIST,
        },
        Member { name: "ReplicaTableClass", required: false, shape: &TABLE_CLASS },
    ],
});
pub static REPLICA_SETTINGS_UPDATE_LIST: Shape =
    Shape::List(Elements { min: Some(1), max: Some(50), element: &REPLICA_SETTINGS_UPDATE });
pub static REPLICA_UPDATE: Shape = Shape::Structure(Structure {
    name: "ReplicaUpdate",
    members: &[
        Member { name: "Create", required: false, shape: &CREATE_REPLICA_ACTION },
        Member { name: "Delete", required: false, shape: &DELETE_REPLICA_ACTION },
    ],
});
pub static REPLICA_UPDATE_LIST: Shape = Shape::List(Elements { min: None, max: None, element: &REPLICA_UPDATE });
pub static REPLICATION_GROUP_UPDATE: Shape = Shape::Structure(Structure {
    name: "ReplicationGroupUpdate",
    members: &[
        Member { name: "Create", required: false, shape: &CREATE_REPLICATION_GROUP_MEMBER_ACTION },
        Member { name: "Update", required: false, shape: &UPDATE_REPLICATION_GROUP_MEMBER_ACTION },
        Member { name: "Delete", required: false, shape: &DELETE_REPLICATION_GROUP_MEMBER_ACTION },
        Member { name: "Disassociate", required: false, shape: &DISASSOCIATE_REPLICATION_GROUP_MEMBER_ACTION },
    ],
});
pub static REPLICATION_GROUP_UPDATE_LIST: Shape =
    Shape::List(Elements { min: Some(1), max: None, element: &REPLICATION_GROUP_UPDATE });
pub static RESOURCE_ARN_STRING: Shape =
    Shape::String(Text { min: Some(1), max: Some(1_283), pattern: None, values: &[], arn: false });
pub static RESOURCE_POLICY: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &[], arn: false });
pub static RESTORE_TABLE_FROM_BACKUP_INPUT: Shape = Shape::Structure(Structure {
    name: "RestoreTableFromBackupInput",
    members: &[
        Member { name: "TargetTableName", required: true, shape: &TABLE_NAME },
        Member { name: "BackupArn", required: true, shape: &BACKUP_ARN },
        Member { name: "BillingModeOverride", required: false, shape: &BILLING_MODE },
        Member { name: "GlobalSecondaryIndexOverride", required: false, shape: &GLOBAL_SECONDARY_INDEX_LIST },
        Member { name: "LocalSecondaryIndexOverride", required: false, shape: &LOCAL_SECONDARY_INDEX_LIST },
        Member { name: "ProvisionedThroughputOverride", required: false, shape: &PROVISIONED_THROUGHPUT },
        Member { name: "OnDemandThroughputOverride", required: false, shape: &ON_DEMAND_THROUGHPUT },
        Member { name: "SSESpecificationOverride", required: false, shape: &SSE_SPECIFICATION },
        Member { name: "VectorIndexOverride", required: false, shape: &VECTOR_INDEX_LIST },
    ],
});
pub static RESTORE_TABLE_TO_POINT_IN_TIME_INPUT: Shape = Shape::Structure(Structure {
    name: "RestoreTableToPointInTimeInput",
    members: &[
        Member { name: "SourceTableArn", required: false, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "SourceTableName", required: false, shape: &TABLE_NAME },
        Member { name: "TargetTableName", required: true, shape: &TABLE_NAME },
        Member { name: "UseLatestRestorableTime", required: false, shape: &Shape::Boolean },
        Member { name: "RestoreDateTime", required: false, shape: &Shape::Timestamp },
        Member { name: "BillingModeOverride", required: false, shape: &BILLING_MODE },
        Member { name: "GlobalSecondaryIndexOverride", required: false, shape: &GLOBAL_SECONDARY_INDEX_LIST },
        Member { name: "LocalSecondaryIndexOverride", required: false, shape: &LOCAL_SECONDARY_INDEX_LIST },
        Member { name: "ProvisionedThroughputOverride", required: false, shape: &PROVISIONED_THROUGHPUT },
        Member { name: "OnDemandThroughputOverride", required: false, shape: &ON_DEMAND_THROUGHPUT },
        Member { name: "SSESpecificationOverride", required: false, shape: &SSE_SPECIFICATION },
        Member { name: "VectorIndexOverride", required: false, shape: &VECTOR_INDEX_LIST },
    ],
});
pub static RETURN_CONSUMED_CAPACITY: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["INDEXES", "TOTAL", "NONE"], arn: false });
pub static RETURN_ITEM_COLLECTION_METRICS: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["SIZE", "NONE"], arn: false });
pub static RETURN_VALUE: Shape = Shape::String(Text {
    min: None,
    max: None,
    pattern: None,
    values: &["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"],
    arn: false,
});
pub static RETURN_VALUES_ON_CONDITION_CHECK_FAILURE: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["ALL_OLD", "NONE"], arn: false });
pub static S3_BUCKET: Shape = Shape::String(Text {
    min: None,
    max: Some(255),
    pattern: Some("^[a-z0-9A-Z]+[\\.\\-\\w]*[a-z0-9A-Z]+$"),
    values: &[],
    arn: false,
});
pub static S3_BUCKET_OWNER: Shape =
    Shape::String(Text { min: None, max: None, pattern: Some("[0-9]{12}"), values: &[], arn: false });
pub static S3_BUCKET_SOURCE: Shape = Shape::Structure(Structure {
    name: "S3BucketSource",
    members: &[
        Member { name: "S3BucketOwner", required: false, shape: &S3_BUCKET_OWNER },
        Member { name: "S3Bucket", required: true, shape: &S3_BUCKET },
        Member { name: "S3KeyPrefix", required: false, shape: &S3_PREFIX },
    ],
});
pub static S3_PREFIX: Shape =
    Shape::String(Text { min: None, max: Some(1_024), pattern: None, values: &[], arn: false });
pub static S3_SSE_ALGORITHM: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["AES256", "KMS"], arn: false });
pub static S3_SSE_KMS_KEY_ID: Shape =
    Shape::String(Text { min: Some(1), max: Some(2_048), pattern: None, values: &[], arn: false });
pub static SSE_SPECIFICATION: Shape = Shape::Structure(Structure {
    name: "SSESpecification",
    members: &[
        Member { name: "Enabled", required: false, shape: &Shape::Boolean },
        Member { name: "SSEType", required: false, shape: &SSE_TYPE },
        Member { name: "KMSMasterKeyId", required: false, shape: &KMS_MASTER_KEY_ID },
    ],
});
pub static SSE_TYPE: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["AES256", "KMS"], arn: false });
pub static SCALAR_ATTRIBUTE_TYPE: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["S", "N", "B"], arn: false });
pub static SCAN_INPUT: Shape = Shape::Structure(Structure {
    name: "ScanInput",
    members: &[
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "IndexName", required: false, shape: &INDEX_NAME },
        Member { name: "AttributesToGet", required: false, shape: &ATTRIBUTE_NAME_LIST },
        Member { name: "Limit", required: false, shape: &POSITIVE_INTEGER_OBJECT },
        Member { name: "Select", required: false, shape: &SELECT },
        Member { name: "ScanFilter", required: false, shape: &FILTER_CONDITION_MAP },
        Member { name: "ConditionalOperator", required: false, shape: &CONDITIONAL_OPERATOR },
        Member { name: "ExclusiveStartKey", required: false, shape: &KEY },
        Member { name: "ReturnConsumedCapacity", required: false, shape: &RETURN_CONSUMED_CAPACITY },
        Member { name: "TotalSegments", required: false, shape: &SCAN_TOTAL_SEGMENTS },
        Member { name: "Segment", required: false, shape: &SCAN_SEGMENT },
        Member { name: "ProjectionExpression", required: false, shape: &PROJECTION_EXPRESSION },
        Member { name: "FilterExpression", required: false, shape: &CONDITION_EXPRESSION },
        Member { name: "ExpressionAttributeNames", required: false, shape: &EXPRESSION_ATTRIBUTE_NAME_MAP },
        Member { name: "ExpressionAttributeValues", required: false, shape: &EXPRESSION_ATTRIBUTE_VALUE_MAP },
        Member { name: "ConsistentRead", required: false, shape: &Shape::Boolean },
    ],
});
pub static SCAN_SEGMENT: Shape = Shape::Integer(Range { min: Some(0), max: Some(999_999) });
pub static SCAN_TOTAL_SEGMENTS: Shape = Shape::Integer(Range { min: Some(1), max: Some(1_000_000) });
pub static SEARCH_SCHEMA: Shape = Shape::List(Elements { min: Some(1), max: None, element: &SEARCH_SCHEMA_ELEMENT });
pub static SEARCH_SCHEMA_ELEMENT: Shape = Shape::Structure(Structure {
    name: "SearchSchemaElement",
    members: &[
        Member { name: "AttributeName", required: true, shape: &ATTRIBUTE_NAME },
        Member { name: "SearchSchemaElementType", required: true, shape: &SEARCH_SCHEMA_ELEMENT_TYPE },
    ],
});
pub static SEARCH_SCHEMA_ELEMENT_TYPE: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &["HASH", "INLINE_FILTER"], arn: false });
pub static SEARCH_VECTOR_LIST: Shape =
    Shape::List(Elements { min: Some(1), max: Some(4_096), element: &Shape::AttributeValue });
pub static SEARCH_VECTORS_INPUT: Shape = Shape::Structure(Structure {
    name: "SearchVectorsInput",
    members: &[
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "IndexName", required: true, shape: &INDEX_NAME },
        Member { name: "ReturnConsumedCapacity", required: false, shape: &RETURN_CONSUMED_CAPACITY },
        Member { name: "ExpressionAttributeNames", required: false, shape: &EXPRESSION_ATTRIBUTE_NAME_MAP },
        Member { name: "ExpressionAttributeValues", required: false, shape: &EXPRESSION_ATTRIBUTE_VALUE_MAP },
        Member { name: "ProjectionExpression", required: false, shape: &PROJECTION_EXPRESSION },
        Member { name: "SearchVector", required: true, shape: &SEARCH_VECTOR_LIST },
        Member { name: "SearchConditionExpression", required: false, shape: &STRING },
        Member { name: "TopK", required: true, shape: &TOP_K_INTEGER },
    ],
});
pub static SELECT: Shape = Shape::String(Text {
    min: None,
    max: None,
    pattern: None,
    values: &["ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT"],
    arn: false,
});
pub static START_BULK_PUT_ITEMS_INPUT: Shape = Shape::Structure(Structure {
    name: "StartBulkPutItemsInput",
    members: &[
        Member { name: "ClientToken", required: false, shape: &CLIENT_TOKEN },
        Member { name: "InputS3Configuration", required: true, shape: &INPUT_S3_CONFIGURATION },
        Member { name: "OutputS3Configuration", required: true, shape: &OUTPUT_S3_CONFIGURATION },
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "MaxWriteRequestUnits", required: false, shape: &BULK_OPERATION_MAX_WRITE_REQUEST_UNITS },
        Member { name: "PerformanceTier", required: false, shape: &BULK_OPERATION_PERFORMANCE_TIER },
    ],
});
pub static STREAM_ARN: Shape =
    Shape::String(Text { min: Some(37), max: Some(1_024), pattern: None, values: &[], arn: false });
pub static STREAM_SPECIFICATION: Shape = Shape::Structure(Structure {
    name: "StreamSpecification",
    members: &[
        Member { name: "StreamEnabled", required: true, shape: &Shape::Boolean },
        Member { name: "StreamViewType", required: false, shape: &STREAM_VIEW_TYPE },
    ],
});
pub static STREAM_VIEW_TYPE: Shape = Shape::String(Text {
    min: None,
    max: None,
    pattern: None,
    values: &["NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY"],
    arn: false,
});
pub static STRING: Shape = Shape::String(Text { min: None, max: None, pattern: None, values: &[], arn: false });
pub static TABLE_CLASS: Shape = Shape::String(Text {
    min: None,
    max: None,
    pattern: None,
    values: &["STANDARD", "STANDARD_INFREQUENT_ACCESS"],
    arn: false,
});
pub static TABLE_CREATION_PARAMETERS: Shape = Shape::Structure(Structure {
    name: "TableCreationParameters",
    members: &[
        Member { name: "TableName", required: true, shape: &TABLE_NAME },
        Member { name: "AttributeDefinitions", required: true, shape: &ATTRIBUTE_DEFINITIONS },
        Member { name: "KeySchema", required: true, shape: &KEY_SCHEMA },
        Member { name: "BillingMode", required: false, shape: &BILLING_MODE },
        Member { name: "ProvisionedThroughput", required: false, shape: &PROVISIONED_THROUGHPUT },
        Member { name: "OnDemandThroughput", required: false, shape: &ON_DEMAND_THROUGHPUT },
        Member { name: "SSESpecification", required: false, shape: &SSE_SPECIFICATION },
        Member { name: "GlobalSecondaryIndexes", required: false, shape: &GLOBAL_SECONDARY_INDEX_LIST },
        Member { name: "VectorIndexes", required: false, shape: &VECTOR_INDEX_LIST },
    ],
});
pub static TABLE_NAME: Shape =
    Shape::String(Text { min: Some(3), max: Some(255), pattern: Some("[a-zA-Z0-9_.-]+"), values: &[], arn: false });
pub static TAG: Shape = Shape::Structure(Structure {
    name: "Tag",
    members: &[
        Member { name: "Key", required: true, shape: &TAG_KEY_STRING },
        Member { name: "Value", required: true, shape: &TAG_VALUE_STRING },
    ],
});
pub static TAG_KEY_LIST: Shape = Shape::List(Elements { min: None, max: None, element: &TAG_KEY_STRING });
pub static TAG_KEY_STRING: Shape =
    Shape::String(Text { min: Some(1), max: Some(128), pattern: None, values: &[], arn: false });
pub static TAG_LIST: Shape = Shape::List(Elements { min: None, max: None, element: &TAG });
pub static TAG_RESOURCE_INPUT: Shape = Shape::Structure(Structure {
    name: "TagResourceInput",
    members: &[
        Member { name: "ResourceArn", required: true, shape: &RESOURCE_ARN_STRING },
        Member { name: "Tags", required: true, shape: &TAG_LIST },
    ],
});
pub static TAG_VALUE_STRING: Shape =
    Shape::String(Text { min: Some(0), max: Some(256), pattern: None, values: &[], arn: false });
pub static TIME_TO_LIVE_ATTRIBUTE_NAME: Shape =
    Shape::String(Text { min: Some(1), max: Some(255), pattern: None, values: &[], arn: false });
pub static TIME_TO_LIVE_SPECIFICATION: Shape = Shape::Structure(Structure {
    name: "TimeToLiveSpecification",
    members: &[
        Member { name: "Enabled", required: true, shape: &Shape::Boolean },
        Member { name: "AttributeName", required: true, shape: &TIME_TO_LIVE_ATTRIBUTE_NAME },
    ],
});
pub static TOP_K_INTEGER: Shape = Shape::Integer(Range { min: Some(1), max: None });
pub static TRANSACT_GET_ITEM: Shape = Shape::Structure(Structure {
    name: "TransactGetItem",
    members: &[Member { name: "Get", required: true, shape: &GET }],
});
pub static TRANSACT_GET_ITEM_LIST: Shape =
    Shape::List(Elements { min: Some(1), max: Some(100), element: &TRANSACT_GET_ITEM });
pub static TRANSACT_GET_ITEMS_INPUT: Shape = Shape::Structure(Structure {
    name: "TransactGetItemsInput",
    members: &[
        Member { name: "TransactItems", required: true, shape: &TRANSACT_GET_ITEM_LIST },
        Member { name: "ReturnConsumedCapacity", required: false, shape: &RETURN_CONSUMED_CAPACITY },
    ],
});
pub static TRANSACT_WRITE_ITEM: Shape = Shape::Structure(Structure {
    name: "TransactWriteItem",
    members: &[
        Member { name: "ConditionCheck", required: false, shape: &CONDITION_CHECK },
        Member { name: "Put", required: false, shape: &PUT },
        Member { name: "Delete", required: false, shape: &DELETE },
        Member { name: "Update", required: false, shape: &UPDATE },
    ],
});
pub static TRANSACT_WRITE_ITEM_LIST: Shape =
    Shape::List(Elements { min: Some(1), max: Some(100), element: &TRANSACT_WRITE_ITEM });
pub static TRANSACT_WRITE_ITEMS_INPUT: Shape = Shape::Structure(Structure {
    name: "TransactWriteItemsInput",
    members: &[
        Member { name: "TransactItems", required: true, shape: &TRANSACT_WRITE_ITEM_LIST },
        Member { name: "ReturnConsumedCapacity", required: false, shape: &RETURN_CONSUMED_CAPACITY },
        Member { name: "ReturnItemCollectionMetrics", required: false, shape: &RETURN_ITEM_COLLECTION_METRICS },
        Member { name: "ClientRequestToken", required: false, shape: &CLIENT_REQUEST_TOKEN },
    ],
});
pub static UNTAG_RESOURCE_INPUT: Shape = Shape::Structure(Structure {
    name: "UntagResourceInput",
    members: &[
        Member { name: "ResourceArn", required: true, shape: &RESOURCE_ARN_STRING },
        Member { name: "TagKeys", required: true, shape: &TAG_KEY_LIST },
    ],
});
pub static UPDATE: Shape = Shape::Structure(Structure {
    name: "Update",
    members: &[
        Member { name: "Key", required: true, shape: &KEY },
        Member { name: "UpdateExpression", required: true, shape: &UPDATE_EXPRESSION },
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "ConditionExpression", required: false, shape: &CONDITION_EXPRESSION },
        Member { name: "ExpressionAttributeNames", required: false, shape: &EXPRESSION_ATTRIBUTE_NAME_MAP },
        Member { name: "ExpressionAttributeValues", required: false, shape: &EXPRESSION_ATTRIBUTE_VALUE_MAP },
        Member {
            name: "ReturnValuesOnConditionCheckFailure",
            required: false,
            shape: &RETURN_VALUES_ON_CONDITION_CHECK_FAILURE,
        },
    ],
});
pub static UPDATE_CONTINUOUS_BACKUPS_INPUT: Shape = Shape::Structure(Structure {
    name: "UpdateContinuousBackupsInput",
    members: &[
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member {
            name: "PointInTimeRecoverySpecification",
            required: true,
            shape: &POINT_IN_TIME_RECOVERY_SPECIFICATION,
        },
    ],
});
pub static UPDATE_CONTRIBUTOR_INSIGHTS_INPUT: Shape = Shape::Structure(Structure {
    name: "UpdateContributorInsightsInput",
    members: &[
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "IndexName", required: false, shape: &INDEX_NAME },
        Member { name: "ContributorInsightsAction", required: true, shape: &CONTRIBUTOR_INSIGHTS_ACTION },
        Member { name: "ContributorInsightsMode", required: false, shape: &CONTRIBUTOR_INSIGHTS_MODE },
    ],
});
pub static UPDATE_EXPRESSION: Shape =
    Shape::String(Text { min: None, max: None, pattern: None, values: &[], arn: false });
pub static UPDATE_GLOBAL_SECONDARY_INDEX_ACTION: Shape = Shape::Structure(Structure {
    name: "UpdateGlobalSecondaryIndexAction",
    members: &[
        Member { name: "IndexName", required: true, shape: &INDEX_NAME },
        Member { name: "ProvisionedThroughput", required: false, shape: &PROVISIONED_THROUGHPUT },
        Member { name: "OnDemandThroughput", required: false, shape: &ON_DEMAND_THROUGHPUT },
        Member { name: "WarmThroughput", required: false, shape: &WARM_THROUGHPUT },
    ],
});
pub static UPDATE_GLOBAL_TABLE_INPUT: Shape = Shape::Structure(Structure {
    name: "UpdateGlobalTableInput",
    members: &[
        Member { name: "GlobalTableName", required: true, shape: &TABLE_NAME },
        Member { name: "ReplicaUpdates", required: true, shape: &REPLICA_UPDATE_LIST },
    ],
});
pub static UPDATE_GLOBAL_TABLE_SETTINGS_INPUT: Shape = Shape::Structure(Structure {
    name: "UpdateGlobalTableSettingsInput",
    members: &[
        Member { name: "GlobalTableName", required: true, shape: &TABLE_NAME },
        Member { name: "GlobalTableBillingMode", required: false, shape: &BILLING_MODE },
        Member { name: "GlobalTableProvisionedWriteCapacityUnits", required: false, shape: &POSITIVE_LONG_OBJECT },
        Member {
            name: "GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate",
            required: false,
            shape: &AUTO_SCALING_SETTINGS_UPDATE,
        },
        Member {
            name: "GlobalTableGlobalSecondaryIndexSettingsUpdate",
            required: false,
            shape: &GLOBAL_TABLE_GLOBAL_SECONDARY_INDEX_SETTINGS_UPDATE_LIST,
        },
        Member { name: "ReplicaSettingsUpdate", required: false, shape: &REPLICA_SETTINGS_UPDATE_LIST },
    ],
});
pub static UPDATE_ITEM_INPUT: Shape = Shape::Structure(Structure {
    name: "UpdateItemInput",
    members: &[
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "Key", required: true, shape: &KEY },
        Member { name: "AttributeUpdates", required: false, shape: &ATTRIBUTE_UPDATES },
        Member { name: "Expected", required: false, shape: &EXPECTED_ATTRIBUTE_MAP },
        Member { name: "ConditionalOperator", required: false, shape: &CONDITIONAL_OPERATOR },
        Member { name: "ReturnValues", required: false, shape: &RETURN_VALUE },
        Member { name: "ReturnConsumedCapacity", required: false, shape: &RETURN_CONSUMED_CAPACITY },
        Member { name: "ReturnItemCollectionMetrics", required: false, shape: &RETURN_ITEM_COLLECTION_METRICS },
        Member { name: "UpdateExpression", required: false, shape: &UPDATE_EXPRESSION },
        Member { name: "ConditionExpression", required: false, shape: &CONDITION_EXPRESSION },
        Member { name: "ExpressionAttributeNames", required: false, shape: &EXPRESSION_ATTRIBUTE_NAME_MAP },
        Member { name: "ExpressionAttributeValues", required: false, shape: &EXPRESSION_ATTRIBUTE_VALUE_MAP },
        Member {
            name: "ReturnValuesOnConditionCheckFailure",
            required: false,
            shape: &RETURN_VALUES_ON_CONDITION_CHECK_FAILURE,
        },
    ],
});
pub static UPDATE_KINESIS_STREAMING_CONFIGURATION: Shape = Shape::Structure(Structure {
    name: "UpdateKinesisStreamingConfiguration",
    members: &[Member {
        name: "ApproximateCreationDateTimePrecision",
        required: false,
        shape: &APPROXIMATE_CREATION_DATE_TIME_PRECISION,
    }],
});
pub static UPDATE_KINESIS_STREAMING_DESTINATION_INPUT: Shape = Shape::Structure(Structure {
    name: "UpdateKinesisStreamingDestinationInput",
    members: &[
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "StreamArn", required: true, shape: &STREAM_ARN },
        Member {
            name: "UpdateKinesisStreamingConfiguration",
            required: false,
            shape: &UPDATE_KINESIS_STREAMING_CONFIGURATION,
        },
    ],
});
pub static UPDATE_REPLICATION_GROUP_MEMBER_ACTION: Shape = Shape::Structure(Structure {
    name: "UpdateReplicationGroupMemberAction",
    members: &[
        Member { name: "RegionName", required: true, shape: &REGION_NAME },
        Member { name: "KMSMasterKeyId", required: false, shape: &KMS_MASTER_KEY_ID },
        Member { name: "ProvisionedThroughputOverride", required: false, shape: &PROVISIONED_THROUGHPUT_OVERRIDE },
        Member { name: "OnDemandThroughputOverride", required: false, shape: &ON_DEMAND_THROUGHPUT_OVERRIDE },
        Member { name: "GlobalSecondaryIndexes", required: false, shape: &REPLICA_GLOBAL_SECONDARY_INDEX_LIST },
        Member { name: "TableClassOverride", required: false, shape: &TABLE_CLASS },
    ],
});
pub static UPDATE_TABLE_INPUT: Shape = Shape::Structure(Structure {
    name: "UpdateTableInput",
    members: &[
        Member { name: "AttributeDefinitions", required: false, shape: &ATTRIBUTE_DEFINITIONS },
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "BillingMode", required: false, shape: &BILLING_MODE },
        Member { name: "ProvisionedThroughput", required: false, shape: &PROVISIONED_THROUGHPUT },
        Member { name: "GlobalSecondaryIndexUpdates", required: false, shape: &GLOBAL_SECONDARY_INDEX_UPDATE_LIST },
        Member { name: "StreamSpecification", required: false, shape: &STREAM_SPECIFICATION },
        Member { name: "SSESpecification", required: false, shape: &SSE_SPECIFICATION },
        Member { name: "ReplicaUpdates", required: false, shape: &REPLICATION_GROUP_UPDATE_LIST },
        Member { name: "TableClass", required: false, shape: &TABLE_CLASS },
        Member { name: "DeletionProtectionEnabled", required: false, shape: &Shape::Boolean },
        Member { name: "MultiRegionConsistency", required: false, shape: &MULTI_REGION_CONSISTENCY },
        Member { name: "GlobalTableWitnessUpdates", required: false, shape: &GLOBAL_TABLE_WITNESS_GROUP_UPDATE_LIST },
        Member { name: "OnDemandThroughput", required: false, shape: &ON_DEMAND_THROUGHPUT },
        Member { name: "WarmThroughput", required: false, shape: &WARM_THROUGHPUT },
        Member {
            name: "GlobalTableSettingsReplicationMode",
            required: false,
            shape: &GLOBAL_TABLE_SETTINGS_REPLICATION_MODE,
        },
        Member { name: "DisassociationProtectionEnabled", required: false, shape: &Shape::Boolean },
        Member { name: "VectorIndexUpdates", required: false, shape: &VECTOR_INDEX_UPDATE_LIST },
    ],
});
pub static UPDATE_TABLE_REPLICA_AUTO_SCALING_INPUT: Shape = Shape::Structure(Structure {
    name: "UpdateTableReplicaAutoScalingInput",
    members: &[
        Member {
            name: "GlobalSecondaryIndexUpdates",
            required: false,
            shape: &GLOBAL_SECONDARY_INDEX_AUTO_SCALING_UPDATE_LIST,
        },
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member {
            name: "ProvisionedWriteCapacityAutoScalingUpdate",
            required: false,
            shape: &AUTO_SCALING_SETTINGS_UPDATE,
        },
        Member { name: "ReplicaUpdates", required: false, shape: &REPLICA_AUTO_SCALING_UPDATE_LIST },
    ],
});
pub static UPDATE_TIME_TO_LIVE_INPUT: Shape = Shape::Structure(Structure {
    name: "UpdateTimeToLiveInput",
    members: &[
        Member { name: "TableName", required: true, shape: &recorded::TABLE_NAME_OR_ARN },
        Member { name: "TimeToLiveSpecification", required: true, shape: &TIME_TO_LIVE_SPECIFICATION },
    ],
});
pub static VECTOR_ATTRIBUTE_DEFINITION: Shape = Shape::Structure(Structure {
    name: "VectorAttributeDefinition",
    members: &[Member { name: "AttributeName", required: true, shape: &VECTOR_ATTRIBUTE_NAME }],
});
pub static VECTOR_ATTRIBUTE_NAME: Shape =
    Shape::String(Text { min: Some(1), max: Some(255), pattern: None, values: &[], arn: false });
pub static VECTOR_DISTANCE_FUNCTION: Shape = Shape::String(Text {
    min: None,
    max: None,
    pattern: None,
    values: &["COSINE", "DOT_PRODUCT", "EUCLIDEAN"],
    arn: false,
});
pub static VECTOR_INDEX: Shape = Shape::Structure(Structure {
    name: "VectorIndex",
    members: &[
        Member { name: "IndexName", required: true, shape: &INDEX_NAME },
        Member { name: "VectorAttribute", required: true, shape: &VECTOR_ATTRIBUTE_DEFINITION },
        Member { name: "SearchSchema", required: false, shape: &SEARCH_SCHEMA },
        Member { name: "Projection", required: true, shape: &PROJECTION },
        Member { name: "Dimensions", required: true, shape: &POSITIVE_LONG_OBJECT },
        Member { name: "DistanceFunction", required: true, shape: &VECTOR_DISTANCE_FUNCTION },
    ],
});
pub static VECTOR_INDEX_LIST: Shape = Shape::List(Elements { min: None, max: None, element: &VECTOR_INDEX });
pub static VECTOR_INDEX_UPDATE: Shape = Shape::Structure(Structure {
    name: "VectorIndexUpdate",
    members: &[
        Member { name: "Create", required: false, shape: &CREATE_VECTOR_INDEX_ACTION },
        Member { name: "Delete", required: false, shape: &DELETE_VECTOR_INDEX_ACTION },
    ],
});
pub static VECTOR_INDEX_UPDATE_LIST: Shape =
    Shape::List(Elements { min: None, max: None, element: &VECTOR_INDEX_UPDATE });
pub static WARM_THROUGHPUT: Shape = Shape::Structure(Structure {
    name: "WarmThroughput",
    members: &[
        Member { name: "ReadUnitsPerSecond", required: false, shape: &LONG_OBJECT },
        Member { name: "WriteUnitsPerSecond", required: false, shape: &LONG_OBJECT },
    ],
});
pub static WRITE_REQUEST: Shape = Shape::Structure(Structure {
    name: "WriteRequest",
    members: &[
        Member { name: "PutRequest", required: false, shape: &PUT_REQUEST },
        Member { name: "DeleteRequest", required: false, shape: &DELETE_REQUEST },
    ],
});
pub static WRITE_REQUESTS: Shape = Shape::List(Elements { min: Some(1), max: Some(25), element: &WRITE_REQUEST });
