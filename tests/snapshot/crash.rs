//! A process that ends amid a restore.
