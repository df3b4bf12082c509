//! Puts lists in order with little code.
//!
//! The sorts of the standard library are written out anew for every type and order, some kilobytes
//! each, and a browser has to load them. These share one. It is slower by a small factor: what is
//! sorted once a customer or row does not come here.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Sorts by `compare`; what is equal keeps its order.
pub(crate) fn by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let mut order = order_of(items.len(), &mut |a, b| compare(&items[a], &items[b]));
    put_in(items, &mut order);
}

/// Sorts from the least to the largest.
pub(crate) fn in_order<T: Ord>(items: &mut [T]) {
    by(items, T::cmp);
}

/// Sorts by a key; what has the same keeps its order.
pub(crate) fn by_key<T, Key: Ord>(items: &mut [T], mut key: impl FnMut(&T) -> Key) {
    by(items, |a, b| key(a).cmp(&key(b)));
}

/// A map of few pairs, put in one by one: to collect them would sort them first.
pub(crate) fn map<Key: Ord, Value>(
    pairs: impl IntoIterator<Item = (Key, Value)>,
) -> BTreeMap<Key, Value> {
    let mut map = BTreeMap::new();
    for (key, value) in pairs {
        map.insert(key, value);
    }
    map
}

/// Where the items stand that come first, second and so on: a merge sort from below.
#[inline(never)]
fn order_of(n_items: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n_items).collect();
    let mut merged = Vec::with_capacity(n_items);
    let mut n_sorted = 1;
    while n_sorted < n_items {
        for both in order.chunks(2 * n_sorted) {
            let (mut left, mut right) = both.split_at(n_sorted.min(both.len()));
            while let (Some((&a, after_a)), Some((&b, after_b))) =
                (left.split_first(), right.split_first())
            {
                if compare(b, a).is_lt() {
                    merged.push(b);
                    right = after_b;
                } else {
                    merged.push(a);
                    left = after_a;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(&mut order, &mut merged);
        merged.clear();
        n_sorted *= 2;
    }
    order
}

/// Moves each item to its place, circle by circle. `order` is used up.
fn put_in<T>(items: &mut [T], order: &mut [usize]) {
    for first in 0..order.len() {
        let mut place = first;
        while order[place] != first {
            let from = order[place];
            items.swap(place, from);
            order[place] = place;
            place = from;
        }
        order[place] = place;
    }
}

#[cfg(test)]
mod tests {
    use super::{by, by_key, in_order};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(
            items in prop::collection::vec((0..40_u8, any::<u16>()), 0..300),
        ) {
            let mut expected = items.clone();
            expected.sort_by_key(|item| item.0);
            let mut found = items.clone();
            by_key(&mut found, |item| item.0);
            prop_assert_eq!(&found, &expected);

            expected.sort_by_key(|one| std::cmp::Reverse(one.1));
            by(&mut found, |a, b| b.1.cmp(&a.1));
            prop_assert_eq!(&found, &expected);

            expected.sort_unstable();
            in_order(&mut found);
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn items_need_not_be_copied() {
        let mut names: Vec<String> = ["c", "", "b", "a"].map(str::to_owned).into();
        by(&mut names, String::cmp);
        assert_eq!(names, ["", "a", "b", "c"]);
    }
}
