//! The exported table: read back by another reader, it holds what the list holds, row by row.

use csv_core::{ReadFieldResult, Reader};
use retention_calculator::analysis::customers::{
    CustomerQuery, CustomerSet, CustomerSort, PeriodGroup,
};
use retention_calculator::session::AnalyzeOptions;

use super::{period, read, whole};

/// The fields of a table, by a reader of others.
fn fields(table: &[u8]) -> Vec<Vec<String>> {
    let mut reader = Reader::new();
    let (mut rows, mut row, mut at) = (Vec::new(), Vec::new(), 0);
    let (mut field, mut buffer) = (Vec::new(), [0_u8; 64]);
    loop {
        let (result, n_in, n_out) = reader.read_field(&table[at..], &mut buffer);
        at += n_in;
        field.extend_from_slice(&buffer[..n_out]);
        match result {
            ReadFieldResult::Field { record_end } => {
                row.push(String::from_utf8(std::mem::take(&mut field)).unwrap());
                if record_end {
                    rows.push(std::mem::take(&mut row));
                }
            }
            ReadFieldResult::End => return rows,
            ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
        }
    }
}

#[test]
fn the_table_holds_all_rows_in_the_order_asked_for() {
    let path = format!("{}/www/public/samples/transactions.csv", env!("CARGO_MANIFEST_DIR"));
    let (session, report) = read(&std::fs::read(path).unwrap(), &AnalyzeOptions::default());
    let label = &report.periods[report.periods.len() / 2].period;
    for (sort, descending) in [(CustomerSort::Change, false), (CustomerSort::Customer, true)] {
        let query = CustomerQuery {
            sort,
            descending,
            offset: 3,
            limit: 2,
            ..CustomerQuery::of(period(label, PeriodGroup::Start))
        };
        let table = session.customers_csv(&query).unwrap();
        let rows = fields(table.strip_prefix("\u{FEFF}".as_bytes()).unwrap());
        let all = CustomerQuery { offset: 0, limit: u32::MAX, ..query };
        let list = session.customers(&all).unwrap();
        assert_eq!(rows.len() as u64, list.total + 1);
        assert_eq!(
            rows[0],
            [
                "customer",
                "first_day",
                "last_day",
                "revenue_then",
                "revenue_now",
                "change",
                "movement",
                "purchases",
                "paid",
                "lifetime_days",
            ]
        );
        for (row, expected) in rows[1..].iter().zip(&list.rows) {
            assert_eq!(row[0], expected.customer);
            assert_eq!(Some(row[1].as_str()), expected.first_day.as_deref());
            assert_eq!(row[3].parse::<f64>().ok(), expected.then);
            assert_eq!(row[4].parse::<f64>().ok(), expected.now);
            assert_eq!(row[5].parse::<f64>().ok(), expected.change);
            assert_eq!(row[6], expected.movement.name());
            assert_eq!(row[7].parse::<u64>().ok(), expected.purchases);
        }
    }
}

#[test]
fn no_id_becomes_a_formula_or_another_row() {
    let ids = ["=1+1", "+x", "-x", "@x", "＝1", "a,b", "say \"\"hi\"\"", "two\nlines", "fine"];
    let rows: Vec<String> = ids.iter().map(|id| format!("\"{id}\",2024-01-01,,10\n")).collect();
    let file = format!("customer,start,end,mrr\n{}", rows.concat());
    let (session, _) = read(file.as_bytes(), &AnalyzeOptions::default());
    let query = CustomerQuery::of(CustomerSet::All);
    let table = session.customers_csv(&query).unwrap();
    let rows = fields(table.strip_prefix("\u{FEFF}".as_bytes()).unwrap());
    let list = whole(&session, CustomerSet::All);
    assert_eq!(rows.len(), ids.len() + 1);
    for (row, expected) in rows[1..].iter().zip(&list.rows) {
        let is_guarded = expected.customer.starts_with(['=', '+', '-', '@', '＝']);
        let guard = if is_guarded { "'" } else { "" };
        assert_eq!(row[0], format!("{guard}{}", expected.customer));
    }
}
