//! The contracts, and the tests that they make.

use futures::future::LocalBoxFuture;

use crate::world::World;

/// A contract.
pub struct Contract {
    /// `s3` or `dynamodb`.
    pub service: &'static str,
    /// `s3::objects::what_was_put_is_got`.
    pub name: &'static str,
    /// Panics where it is not kept.
    pub keep: for<'a> fn(&'a World) -> LocalBoxFuture<'a, ()>,
}

macro_rules! contract {
    ($service:ident $subject:ident $name:ident) => {
        Contract {
            service: stringify!($service),
            name: concat!(stringify!($service), "::", stringify!($subject), "::", stringify!($name)),
            keep: |world| Box::pin(crate::$service::$subject::$name(world)),
        }
    };
}

macro_rules! tests_of {
    ($place:ident $($service:ident { $($subject:ident { $($name:ident),+ $(,)? })+ })+) => {
        mod $place {
            $(mod $service {
                $(mod $subject {
                    use crate::table::Contract;
                    $(#[tokio::test]
                    async fn $name() {
                        Box::pin(crate::place::$place(&contract!($service $subject $name))).await;
                    })+
                })+
            })+
        }
    };
}

macro_rules! contracts {
    ($($contracts:tt)+) => {
        tests_of! { in_process $($contracts)+ }
        tests_of! { over_http $($contracts)+ }
        tests_of! { attached $($contracts)+ }
        listed! { $($contracts)+ }
    };
}

macro_rules! listed {
    ($($service:ident { $($subject:ident { $($name:ident),+ $(,)? })+ })+) => {
        /// Every contract.
        pub const ALL: &[Contract] = &[$($($(contract!($service $subject $name)),+),+),+];
    };
}

contracts! {
    s3 {
        buckets {
            a_bucket_is_made_seen_and_deleted,
            a_bucket_with_something_in_it_stays,
            a_bucket_tells_its_region,
            names_follow_the_rules,
            a_bucket_that_is_not_there_has_nothing,
            cors_rules_come_back,
            everything_is_encrypted_by_default,
        }
        conditions {
            a_read_may_ask_for_the_object_that_it_knows,
            a_read_may_ask_by_time,
            a_write_may_want_that_nothing_is_there,
            a_write_may_want_what_it_replaces,
            of_many_that_want_nothing_there_one_wins,
        }
        copies {
            a_copy_has_body_and_metadata_of_its_source,
            a_copy_may_have_metadata_of_its_own,
            any_version_can_be_copied,
            conditions_hold_for_the_source,
        }
        listing {
            keys_come_in_the_order_of_their_bytes,
            a_delimiter_rolls_up,
            pages_are_the_whole,
            common_prefixes_come_in_pages_too,
            a_listing_starts_after_any_key,
            the_first_version_of_the_listing_has_markers,
            names_can_be_encoded,
            a_listing_of_nothing_is_refused,
        }
        multipart {
            parts_become_one_object,
            one_small_part_is_enough,
            parts_that_do_not_fit_are_refused,
            an_upload_can_be_given_up,
            parts_and_uploads_come_in_pages,
            a_part_can_be_copied,
        }
        objects {
            what_was_put_is_got_and_deleted,
            a_second_put_replaces_everything,
            headers_and_metadata_come_back,
            keys_are_taken_as_they_are,
            keys_have_at_most_1024_bytes,
            many_are_deleted_at_once,
            a_checksum_is_kept_and_held,
            attributes_tell_of_an_object,
        }
        ranges {
            a_range_is_a_part_of_the_body,
            a_range_past_the_end_is_refused,
            a_range_that_says_nothing_is_not_looked_at,
        }
        tags {
            tags_are_put_replaced_and_deleted,
            an_object_is_put_with_tags,
            each_version_has_its_own_tags,
            more_than_ten_tags_are_refused,
        }
        versions {
            every_version_is_kept,
            deleting_leaves_a_marker_that_can_be_deleted,
            a_version_is_deleted_for_good,
            suspended_versioning_writes_the_null_version,
            versions_come_in_pages,
        }
    }
    dynamodb {
        batches {
            a_batch_writes_to_many_tables,
            a_batch_reads_what_is_there,
            batches_that_are_wrong_are_refused,
        }
        conditions {
            every_comparison_and_function_decides,
            a_put_may_want_that_nothing_is_there,
            a_delete_may_want_what_is_there,
            of_many_conditional_puts_one_wins,
            expressions_that_are_wrong_are_refused,
        }
        indexes {
            an_index_follows_every_write,
            what_has_no_index_key_is_not_in_it,
            an_index_holds_what_is_projected,
            equal_index_keys_come_in_pages,
            a_local_index_is_as_fresh_as_its_table,
            an_index_made_later_holds_what_was_there,
        }
        items {
            every_type_comes_back_as_it_was_put,
            a_put_replaces_and_a_delete_tells_what_was_there,
            a_projection_gives_what_it_names,
            numbers_are_kept_exactly,
            keys_are_held_to_their_types,
            sets_are_never_empty_and_hold_nothing_twice,
            an_item_has_at_most_400_kilobytes,
            capacity_goes_by_size,
        }
        queries {
            items_come_in_the_order_of_their_keys,
            every_key_condition_selects,
            pages_are_the_whole_in_both_directions,
            a_filter_takes_away_after_the_limit,
            a_query_counts_or_projects,
            a_page_ends_at_a_megabyte,
            queries_that_are_wrong_are_refused,
        }
        scans {
            pages_are_the_whole,
            segments_share_the_items,
            a_filter_takes_away_what_does_not_fit,
            scans_that_are_wrong_are_refused,
        }
        streams {
            each_change_is_a_record_in_order,
            a_view_shows_what_it_says,
            a_stream_is_switched_on_and_off,
        }
        tables {
            a_table_is_made_described_and_deleted,
            a_name_is_taken_once,
            tables_are_listed_by_name,
            a_table_that_is_not_there_has_nothing,
            definitions_that_are_wrong_are_refused,
            a_protected_table_stays,
            tags_come_and_go,
            time_to_live_is_switched_on_once,
        }
        transactions {
            all_of_it_is_written,
            or_none_of_it_and_it_tells_why,
            one_item_is_touched_once,
            a_token_makes_it_count_once,
            reads_are_of_one_moment_and_in_order,
        }
        updates {
            set_writes_values_and_sums,
            remove_add_and_delete_change_what_is_there,
            an_update_makes_what_is_not_there,
            an_update_tells_what_is_asked,
            additions_at_once_all_count,
            updates_that_are_wrong_are_refused,
        }
    }
}
