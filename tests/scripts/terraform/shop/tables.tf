resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "customer"
  range_key    = "number"

  dynamic "attribute" {
    for_each = local.first ? { customer = "S", number = "N", day = "S" } : { customer = "S", number = "N", day = "S", state = "S" }
    content {
      name = attribute.key
      type = attribute.value
    }
  }

  global_secondary_index {
    name               = "by_day"
    hash_key           = "day"
    range_key          = "number"
    projection_type    = "INCLUDE"
    non_key_attributes = ["total", "state"]
  }

  dynamic "global_secondary_index" {
    for_each = local.first ? [] : ["by_state"]
    content {
      name            = global_secondary_index.value
      hash_key        = "state"
      projection_type = "ALL"
    }
  }

  local_secondary_index {
    name            = "by_day_of_customer"
    range_key       = "day"
    projection_type = "KEYS_ONLY"
  }

  ttl {
    attribute_name = "expires"
    enabled        = true
  }

  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  tags = local.first ? { team = "shop", "cost center" = "a/b" } : { team = "orders" }
}

resource "aws_dynamodb_table" "stock" {
  name           = "stock"
  billing_mode   = "PROVISIONED"
  read_capacity  = local.first ? 5 : 8
  write_capacity = 6
  hash_key       = "part"

  attribute {
    name = "part"
    type = "B"
  }

  attribute {
    name = "place"
    type = "S"
  }

  global_secondary_index {
    name            = "by_place"
    hash_key        = "place"
    projection_type = "ALL"
    read_capacity   = 2
    write_capacity  = local.first ? 3 : 4
  }

  # The key that AWS owns, said in so many words.
  server_side_encryption {
    enabled = false
  }
}

# With the key that AWS keeps in the account, and held against deletion until stage 2.
resource "aws_dynamodb_table" "accounts" {
  name                        = "accounts"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = local.first

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled = true
  }
}

resource "aws_dynamodb_table_item" "order" {
  table_name = aws_dynamodb_table.orders.name
  hash_key   = aws_dynamodb_table.orders.hash_key
  range_key  = aws_dynamodb_table.orders.range_key
  item = jsonencode({
    customer = { S = "ana" }
    number   = { N = "17" }
    total    = { N = local.first ? "10.5" : "12" }
    lines    = { L = [{ M = { part = { B = "AAEC" }, many = { N = "2" } } }] }
    gift     = { BOOL = false }
    note     = { NULL = true }
    labels   = { SS = ["a", "b"] }
  })
}
