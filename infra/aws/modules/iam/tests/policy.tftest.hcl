# What each mode may do, and on what.

mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name        = "footbridge"
  bucket_arns = ["arn:aws:s3:::data"]
  table_arns  = ["arn:aws:dynamodb:eu-west-1:111122223333:table/orders"]
  people      = { principal_arns = ["arn:aws:iam::111122223333:role/developer"] }
}

run "read_only" {
  command = plan
  variables {
    mode = "read-only"
  }
  assert {
    condition = { for statement in jsondecode(output.policy).Statement : statement.Sid => [statement.Action, statement.Resource] } == {
      AnyRead    = [["dynamodb:ListTables", "s3:ListAllMyBuckets"], ["*"]]
      BucketRead = [["s3:ListBucket"], ["arn:aws:s3:::data"]]
      ObjectRead = [["s3:GetObject"], ["arn:aws:s3:::data/*"]]
      TableRead = [
        ["dynamodb:BatchGetItem", "dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive", "dynamodb:Query", "dynamodb:Scan"],
        ["arn:aws:dynamodb:eu-west-1:111122223333:table/orders"],
      ]
      IndexRead = [["dynamodb:Query", "dynamodb:Scan"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/*"]]
    }
    error_message = "read-only may do something else: ${output.policy}"
  }
  assert {
    condition     = aws_iam_policy.tools.policy == output.policy && aws_iam_role.tools.assume_role_policy == output.trust
    error_message = "The outputs are not what is made."
  }
}

run "read_write" {
  command = plan
  variables {
    mode = "read-write"
  }
  assert {
    condition = { for statement in jsondecode(output.policy).Statement : statement.Sid => statement.Action } == {
      AnyRead    = ["dynamodb:ListTables", "s3:ListAllMyBuckets"]
      BucketRead = ["s3:ListBucket"]
      ObjectReadWrite = [
        "s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:GetObjectTagging", "s3:PutObject", "s3:PutObjectTagging",
      ]
      TableReadWrite = [
        "dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:DescribeTable",
        "dynamodb:DescribeTimeToLive", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem",
      ]
      IndexRead = ["dynamodb:Query", "dynamodb:Scan"]
    }
    error_message = "read-write may do something else: ${output.policy}"
  }
}

run "ask_is_for_iam_what_read_write_is" {
  command = plan
  variables {
    mode = "ask"
  }
  assert {
    condition     = output.policy == run.read_write.policy
    error_message = "ask may do something else than read-write."
  }
}

run "administration" {
  command = plan
  variables {
    mode           = "read-write"
    administration = true
  }
  assert {
    condition = toset(setsubtract(flatten(jsondecode(output.policy).Statement[*].Action), flatten(jsondecode(run.read_write.policy).Statement[*].Action))) == toset([
      "dynamodb:CreateTable", "dynamodb:DeleteTable", "dynamodb:UpdateTable", "dynamodb:UpdateTimeToLive", "s3:CreateBucket", "s3:DeleteBucket",
    ])
    error_message = "administration adds something else."
  }
}

run "keys_are_used_through_the_services" {
  command = plan
  variables {
    mode         = "read-only"
    key_prefix   = "team/"
    kms_key_arns = ["arn:aws:kms:eu-west-1:111122223333:key/k"]
  }
  assert {
    condition = [for statement in jsondecode(output.policy).Statement : [statement.Action, statement.Condition["StringLike"]["kms:ViaService"]] if statement.Sid == "KeysThroughTheServices"] == [
      [["kms:Decrypt", "kms:DescribeKey"], ["s3.*.amazonaws.com", "dynamodb.*.amazonaws.com"]],
    ]
    error_message = "The key may be used otherwise: ${output.policy}"
  }
  assert {
    condition     = [for statement in jsondecode(output.policy).Statement : statement.Resource if statement.Sid == "ObjectRead"] == [["arn:aws:s3:::data/team/*"]]
    error_message = "The prefix is not heeded: ${output.policy}"
  }
}

run "no_star_for_buckets_and_tables" {
  command = plan
  variables {
    mode        = "read-only"
    bucket_arns = ["arn:aws:s3:::*"]
    table_arns  = ["*"]
  }
  expect_failures = [var.bucket_arns, var.table_arns]
}

run "no_such_mode" {
  command = plan
  variables {
    mode = "all"
  }
  expect_failures = [var.mode]
}

run "read_only_makes_nothing" {
  command = plan
  variables {
    mode           = "read-only"
    administration = true
  }
  expect_failures = [aws_iam_role.tools]
}
