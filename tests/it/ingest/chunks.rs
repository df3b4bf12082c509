//! The same bytes give the same result, however they are cut.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{ReadOptions, corpora, read, read_pieces};

/// All files of the corpora.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folders = ["badinputs", "csv-spectrum/csvs", "encodings"];
    let mut paths: Vec<_> = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(corpora().join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    assert!(paths.len() > 110);
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
});

#[test]
fn the_files_of_the_corpora_read_the_same_in_pieces() {
    for bytes in FILES.iter() {
        let whole = read(bytes);
        for size in [1, 2, 3, 7, 64] {
            let pieces = read_pieces(ReadOptions::default(), bytes.chunks(size));
            assert!(pieces.is_same_as(&whole), "{size}: {pieces:?}");
        }
    }
}

/// A file whose last rows, beyond the first part that is read ahead, are those of a small file.
fn behind_plain_rows(bytes: &[u8]) -> Vec<u8> {
    let mut all = b"customer_id,start_date,end_date,mrr\r\n".to_vec();
    while all.len() < (1 << 18) + 100 {
        all.extend_from_slice(b"C0123456789,2024-01-15,,100.00\r\n");
    }
    all.extend_from_slice(bytes);
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn files_beyond_the_first_part_read_the_same_in_pieces(
        index in 0..110_usize,
        cuts in prop::collection::vec(0.0..1.0_f64, 1..6),
        near_end in any::<bool>(),
    ) {
        let tail = &FILES[index];
        let bytes = behind_plain_rows(tail);
        let start = if near_end { bytes.len() - tail.len() } else { 0 };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a length")]
        let place = |cut: &f64| start + ((bytes.len() - start) as f64 * cut) as usize;
        let mut places: Vec<usize> = cuts.iter().map(place).collect();
        places.sort_unstable();
        let mut pieces = Vec::new();
        let mut from = 0;
        for place in places {
            pieces.push(&bytes[from..place]);
            from = place;
        }
        pieces.push(&bytes[from..]);
        let whole = read(&bytes);
        prop_assert!(read_pieces(ReadOptions::default(), pieces).is_same_as(&whole));
    }
}
