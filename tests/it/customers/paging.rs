//! Search, order and pages: a page is a piece of the whole list, whatever it is ordered by.

use std::cmp::Ordering;

use retention_calculator::analysis::customers::{
    CustomerQuery, CustomerRow, CustomerSet, CustomerSort, MovementClass, PeriodGroup,
};
use retention_calculator::session::{AnalyzeOptions, Session};

use super::{period, read, whole};

const SORTS: [CustomerSort; 9] = [
    CustomerSort::Customer,
    CustomerSort::Change,
    CustomerSort::Then,
    CustomerSort::Now,
    CustomerSort::FirstDay,
    CustomerSort::LastDay,
    CustomerSort::Lifetime,
    CustomerSort::Purchases,
    CustomerSort::Paid,
];

fn sample(name: &str) -> Session {
    let path = format!("{}/www/public/samples/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    read(&std::fs::read(path).unwrap(), &AnalyzeOptions::default()).0
}

fn session_of(file: &str) -> Session {
    read(file.as_bytes(), &AnalyzeOptions::default()).0
}

/// Two values in order; one that is not there comes last in either direction.
fn by<T: PartialOrd>(a: Option<T>, b: Option<T>, is_descending: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => {
            let order = a.partial_cmp(&b).unwrap();
            if is_descending { order.reverse() } else { order }
        }
        (None, None) => Ordering::Equal,
        (a, _) => {
            if a.is_some() {
                Ordering::Less
            } else {
                Ordering::Greater
            }
        }
    }
}

/// The order of two rows by the words of the interface.
fn order(a: &CustomerRow, b: &CustomerRow, sort: CustomerSort, is_descending: bool) -> Ordering {
    let main = match sort {
        CustomerSort::Customer => by(Some(&a.customer), Some(&b.customer), is_descending),
        CustomerSort::Change => by(a.change, b.change, is_descending),
        CustomerSort::Then => by(a.then, b.then, is_descending),
        CustomerSort::Now => by(a.now, b.now, is_descending),
        CustomerSort::FirstDay => by(a.first_day.as_ref(), b.first_day.as_ref(), is_descending),
        CustomerSort::LastDay => by(a.last_day.as_ref(), b.last_day.as_ref(), is_descending),
        CustomerSort::Lifetime => by(Some(a.lifetime), Some(b.lifetime), is_descending),
        CustomerSort::Purchases => by(a.purchases, b.purchases, is_descending),
        CustomerSort::Paid => by(a.paid, b.paid, is_descending),
    };
    main.then_with(|| a.customer.cmp(&b.customer))
}

#[test]
fn pages_in_any_order_are_pieces_of_the_sorted_list() {
    for name in ["subscriptions", "mrr-wide", "transactions", "accounts"] {
        let session = sample(name);
        let all = whole(&session, CustomerSet::All);
        for sort in SORTS {
            for descending in [false, true] {
                let mut expected = all.rows.clone();
                expected.sort_by(|a, b| order(a, b, sort, descending));
                for (offset, limit) in [(0, 7), (5, 40), (33, 1), (0, 0), (100_000, 10)] {
                    let query = CustomerQuery {
                        sort,
                        descending,
                        offset,
                        limit,
                        ..CustomerQuery::of(CustomerSet::All)
                    };
                    let page = session.customers(&query).unwrap();
                    let from = expected.len().min(offset as usize);
                    let until = expected.len().min((offset + limit) as usize);
                    assert_eq!(page.rows, expected[from..until], "{name} {query:?}");
                    assert_eq!((page.total, page.change), (all.total, all.change));
                }
            }
        }
    }
}

#[test]
fn a_search_narrows_the_list_and_its_sums_but_not_the_set() {
    let file = "customer,start,end,mrr\n\
                Acme GmbH,2024-01-01,2024-03-10,10\n\
                ACME Inc,2024-01-01,2024-03-20,20\n\
                Bolt,2024-01-01,2024-03-05,40\n\
                Ünïted,2024-01-01,,80\n";
    let session = session_of(file);
    let search = |text: &str| {
        let lost = period("2024-03", PeriodGroup::Lost);
        let query = CustomerQuery { search: text.to_owned(), ..CustomerQuery::of(lost) };
        session.customers(&query).unwrap()
    };
    let found = search("aCmE");
    let ids: Vec<&str> = found.rows.iter().map(|row| row.customer.as_str()).collect();
    assert_eq!(ids, ["ACME Inc", "Acme GmbH"]);
    assert_eq!((found.total, found.members, found.lost), (2, 3, Some(30.0)));
    assert_eq!((search("").total, search("  bolt ").total, search("ünï").total), (3, 1, 0));
    assert_eq!(search("nobody").rows, []);
}

#[test]
fn any_id_is_harmless_and_comes_back_as_it_is() {
    let long = "x".repeat(200);
    let ids = [
        "<img src=x onerror=alert(1)>",
        "\u{202e}txet",
        "שלום עולם",
        "🦊👩‍👩‍👧",
        "=HYPERLINK(\"\"http://x\"\")",
        "__proto__",
        "o'brien",
        long.as_str(),
    ];
    let rows: Vec<String> = ids.iter().map(|id| format!("\"{id}\",2024-01-01,,10\n")).collect();
    let session = session_of(&format!("customer,start,end,mrr\n{}", rows.concat()));
    let list = whole(&session, CustomerSet::All);
    assert_eq!(list.total, ids.len() as u64);
    for id in ids.map(|id| id.replace("\"\"", "\"")) {
        let query = CustomerQuery { search: id.clone(), ..CustomerQuery::of(CustomerSet::All) };
        let found = session.customers(&query).unwrap().rows;
        assert_eq!(found.len(), 1, "{id}");
        assert_eq!(found[0].customer, id);
        assert_eq!(session.customer(&id).unwrap().row, found[0]);
    }
}

#[test]
fn a_row_says_since_when_until_when_and_how_long() {
    let session = session_of(
        "customer,start,end,mrr\nA,2024-01-10,,10\nB,2024-01-10,2024-02-09,5\nC,2024-02-01,,1\n",
    );
    let rows = whole(&session, CustomerSet::All).rows;
    let facts: Vec<_> = rows
        .iter()
        .map(|row| {
            (&*row.customer, row.first_day.as_deref(), row.last_day.as_deref(), row.lifetime)
        })
        .collect();
    // The file ends on 2024-02-09: 30 days after the tenth of January.
    assert_eq!(
        facts,
        [
            ("B", Some("2024-01-10"), Some("2024-02-09"), 30.0),
            ("C", Some("2024-02-01"), None, 8.0),
            ("A", Some("2024-01-10"), None, 30.0),
        ]
    );
    let months = session_of("customer,month,mrr\nA,2024-01,5\nA,2024-02,5\nB,2024-03,1\n");
    let list = whole(&months, CustomerSet::All);
    let a = list.rows.iter().find(|row| row.customer == "A").unwrap();
    assert_eq!(list.lifetime_unit, "month");
    assert_eq!((a.last_day.as_deref(), a.lifetime), (Some("2024-02-29"), 2.0));
    let orders =
        session_of("customer,date,amount\nA,2024-01-05,5\nA,2024-03-05,7\nA,2024-03-06,-2\n");
    let row = &whole(&orders, CustomerSet::All).rows[0];
    assert_eq!((row.purchases, row.paid, row.lifetime), (Some(2), Some(10.0), 60.0));
    assert_eq!(row.last_day.as_deref(), Some("2024-03-05"));
}

#[test]
fn what_is_not_there_is_said() {
    let session = session_of("customer,start,end,mrr\nA,2024-01-01,,10\n");
    let code =
        |session: &Session, set| session.customers(&CustomerQuery::of(set)).unwrap_err().code();
    assert_eq!(code(&session, period("2030-01", PeriodGroup::Lost)), "unknown-period");
    assert_eq!(code(&session, period("all", PeriodGroup::Lost)), "unknown-period");
    assert_eq!(session.customer("nobody").unwrap_err().code(), "unknown-customer");
    assert_eq!(session.customer("").unwrap_err().code(), "unknown-customer");
    let totals = session_of(
        "period,start_customers,new_customers,end_customers\n2024-01,10,2,9\n2024-02,9,1,9\n",
    );
    assert_eq!(code(&totals, CustomerSet::All), "no-customers-in-file");
    assert_eq!(totals.customer("A").unwrap_err().code(), "no-customers-in-file");
    let unread = Session::new(&AnalyzeOptions::default()).unwrap();
    assert_eq!(code(&unread, CustomerSet::All), "nothing-read");
}

#[test]
fn without_amounts_there_is_no_revenue() {
    let session = session_of("customer,start,end\nA,2024-01-01,\nB,2024-01-01,2024-03-15\n");
    let list = whole(&session, period("2024-03", PeriodGroup::Lost));
    assert_eq!((list.total, list.then, list.change, list.lost), (1, None, None, None));
    assert_eq!((list.rows[0].then, list.rows[0].movement), (None, MovementClass::Lost));
    assert_eq!(session.customer("B").unwrap().levels[0].monthly, None);
}

#[test]
fn a_history_shows_what_was_paid_when() {
    let session = session_of(
        "customer,start,end,mrr\nA,2024-01-01,2024-02-01,10\nA,2024-02-01,,25\nA,2024-04-01,2024-04-20,5\nB,2024-01-01,,1\n",
    );
    let history = session.customer("A").unwrap();
    let levels: Vec<_> =
        history.levels.iter().map(|step| (&*step.day, step.is_active, step.monthly)).collect();
    assert_eq!(
        levels,
        [
            ("2024-01-01", true, Some(10.0)),
            ("2024-02-01", true, Some(25.0)),
            ("2024-04-01", true, Some(30.0)),
            ("2024-04-20", true, Some(25.0)),
        ]
    );
    assert_eq!((history.spells.len(), history.left_out), (3, 0));
    assert_eq!(history.spells[0].end.as_deref(), Some("2024-02-01"));
    let orders = session_of(
        "customer,date,amount\nA,2024-03-06,-2\nA,2024-01-05,5\nA,2024-03-05,7\nB,2024-01-01,1\n",
    );
    let history = orders.customer("A").unwrap();
    let entries: Vec<_> =
        history.purchases.iter().map(|entry| (&*entry.day, entry.amount)).collect();
    assert_eq!(
        entries,
        [("2024-01-05", Some(5.0)), ("2024-03-05", Some(7.0)), ("2024-03-06", Some(-2.0))]
    );
    let accounts =
        session_of("customer,tenure,churned,amount,churn_reason\nA,12,Yes,5,Too dear\nB,3,No,4,\n");
    let history = accounts.customer("A").unwrap();
    assert_eq!((history.row.movement, history.row.lifetime), (MovementClass::Lost, 12.0));
}
