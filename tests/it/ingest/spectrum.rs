//! The csv-spectrum suite: twelve files and what they hold.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{corpora, corpus, read};

/// The records of a file as objects.
fn objects(csv: &[u8]) -> Value {
    let outcome = read(csv);
    let columns = outcome.columns();
    let object = |fields: Vec<&str>| {
        let pairs = columns.iter().zip(fields);
        pairs.map(|(name, field)| ((*name).into(), field.into())).collect::<Map<_, _>>()
    };
    outcome.sound().into_iter().map(object).collect()
}

#[test]
fn eleven_of_twelve_files_are_read_as_they_should_be() {
    let known_failures = String::from_utf8(corpus("csv-spectrum/known-failures.txt")).unwrap();
    let known_failures: BTreeSet<&str> = known_failures
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split(':').next().unwrap())
        .collect();
    let mut failures = BTreeSet::new();
    let mut n_files = 0;
    for entry in std::fs::read_dir(corpora().join("csv-spectrum/csvs")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let json: Value =
            serde_json::from_slice(&corpus(&format!("csv-spectrum/json/{name}.json"))).unwrap();
        n_files += 1;
        if objects(&std::fs::read(&path).unwrap()) != json {
            failures.insert(name);
        }
    }
    assert_eq!(n_files, 12);
    // A file that is read well without being expected to is an error too.
    assert_eq!(failures.iter().map(String::as_str).collect::<BTreeSet<_>>(), known_failures);
}

#[test]
fn the_file_with_a_wrong_answer_is_read_as_it_stands() {
    let outcome = read(corpus("csv-spectrum/csvs/location_coordinates.csv"));
    assert_eq!(outcome.sound()[0][0], "2095257564");
    assert_eq!(outcome.sound()[0][2..], ["Modesto", "Stanislaus"]);
    assert_eq!(outcome.note("stray-quote").unwrap().rows, [2]);
}
