//! Cells to days, months, quarters and years.

use chrono::Datelike;
use proptest::prelude::*;
use retention_calculator::calendar::{Day, Granularity};
use retention_calculator::ingest::date::{
    DateDefect, DateEvidence, DateForm, DateOrder, DateVerdict, is_open_end, read_date, read_month,
};

const YMD: Option<DateOrder> = Some(DateOrder::Ymd);
const DMY: Option<DateOrder> = Some(DateOrder::Dmy);
const MDY: Option<DateOrder> = Some(DateOrder::Mdy);

fn shown(text: &str, order: Option<DateOrder>) -> String {
    match read_date(text, order) {
        Ok(reading) => reading.day.to_iso(),
        Err(defect) => defect.code().to_owned(),
    }
}

#[test]
fn dates_that_no_order_changes() {
    let written = [
        "2024-02-10",
        "2024/02/10",
        "2024.02.10",
        "2024 02 10",
        "2024-2-10",
        "2024/2/10",
        "20240210",
        "20240210.0",
        "２０２４-０２-１０",
        "2024–02–10",
        "2024年2月10日",
        "2024. 2. 10.",
        "'2024-02-10",
        " 2024-02-10 ",
        "\u{feff}2024-02-10",
        "10 Feb 2024",
        "Feb 10, 2024",
        "February 10 2024",
        "Feb. 10, 2024",
        "10-Feb-24",
        "10-FEB-2024",
        "10/Feb/2024",
        "Sat, 10 Feb 2024",
        "Saturday, February 10, 2024",
        "10th February 2024",
        "February 10th, 2024",
        "10th of Feb 2024",
        "2024-Feb-10",
        "10. Februar 2024",
        "10. Feb. 2024",
        "Sa, 10. Feb. 2024",
        "10 février 2024",
        "10 févr. 2024",
        "samedi 10 février 2024",
        "10 de febrero de 2024",
        "10 feb 2024",
        "10 febbraio 2024",
        "10 februari 2024",
        "10 de fevereiro de 2024",
        "10 fev. 2024",
        "Feb 10 '24",
        "45332",
        "45332.0",
        "1707523200",
        "1707523200000",
        "1707523200.0",
        "2024-02-10T00:00:00Z",
        "2024-02-10 00:00:00",
        "2024-02-10T00:00:00.000Z",
        "2024-02-10 00:00:00 UTC",
        "2024-02-10 00:00:00+00:00",
        "2024-02-10 00:00",
        "20240210T000000Z",
        "Feb 10, 2024, 12:00:00 AM",
        "2024-02-10 00:00:00 +0000 UTC",
    ];
    for text in written {
        for order in [None, YMD, DMY, MDY] {
            let reading =
                read_date(text, order).unwrap_or_else(|defect| panic!("{text}: {defect:?}"));
            assert_eq!(reading.day.to_iso(), "2024-02-10", "{text}");
            assert!(!reading.time_dropped, "{text}");
            assert_eq!(
                reading.two_digit_year,
                text.contains("-24") || text.contains("'24"),
                "{text}"
            );
        }
    }
    // French and Italian Tuesdays look like a March.
    assert_eq!(shown("mar. 13 févr. 2024", None), "2024-02-13");
    assert_eq!(shown("mar 13 mar 2024", None), "2024-03-13");
}

#[test]
fn times_are_left_aside_and_flagged() {
    for text in [
        "2024-02-10 23:30:00-05:00",
        "2024-02-10T23:30:00Z",
        "2024-02-10T23:30:00.123456Z",
        "2024-02-10 23:30",
        "2024-02-10 11:30 PM",
        "2024-02-10 11:30:00 p.m.",
        "2024-02-10 23:30:00 UTC",
        "2024-02-10 23:30:00 +0100",
        "2024-02-10 23:30:00.5 -0500",
        "2024-02-10T23:30:00,5+01:00",
        "2024-02-10 00:00:00+02:00",
        "20240210T233000Z",
        "10 Feb 2024 23:30",
        "Feb 10, 2024 at 11:30 PM",
        "45332.98",
        "1707607800",
        "1707607800000",
        "Sat Feb 10 2024 23:30:00 GMT-0500 (Eastern Standard Time)",
        "2024-02-10 23:30:00 EST",
        "Sat, 10 Feb 2024 23:30:00 +0000",
        "10 February 2024 23:30:00 GMT",
        "2024-02-10 12:00 PM",
    ] {
        let reading = read_date(text, None).unwrap_or_else(|defect| panic!("{text}: {defect:?}"));
        assert_eq!(
            (reading.day.to_iso().as_str(), reading.time_dropped),
            ("2024-02-10", true),
            "{text}"
        );
    }
    for text in [
        "2024-02-10 25:00",
        "2024-02-10 23:60",
        "2024-02-10 13:00 PM",
        "2024-02-10 24:00:01",
        "2024-02-10 23:30 abcdef",
        "2024-02-10T",
        "2024-02-10 23:3",
        "2024-02-10 23:30+99:00",
        "23:30",
    ] {
        assert_eq!(shown(text, None), "invalid-date", "{text}");
    }
}

#[test]
fn digits_are_counted() {
    for text in [
        "2024-001-10",
        "2024-01-010",
        "001/02/2024",
        "01/002/2024",
        "2024-02-10 010:30",
        "2024-02-10 10:030",
        "2024-02-10 10:30:005",
        "10 24 Feb",
        "10 2024 Feb",
        "010 Feb 2024",
        "Feb 010, 2024",
        "10 Feb 024",
        "2024-02-10 10:30 +0160",
        "2024-02-10 10:30 +1500",
        "2024-02-10 10:30 +15:00",
        "2024-02-10 10:30 +01:60",
    ] {
        assert_eq!(shown(text, None), "invalid-date", "{text}");
    }
    for text in [
        "001/24", "24/001", "001/02", "02/001", "2024M13", "2024M00", "M13 2024", "2024-001",
        "Q01 24",
    ] {
        assert_eq!(read_month(text, None).map(|_| ()), Err(DateDefect::Invalid), "{text}");
    }
    // The least time of day and the least time zone are left aside, too.
    for text in [
        "20240210T000001",
        "20240210T000100",
        "20240210T010000",
        "20240210T0001",
        "20240210T0100",
        "2024-02-10 00:01",
        "2024-02-10 00:00:01",
        "2024-02-10 00:00:00.001",
        "2024-02-10 00:00 +0001",
        "2024-02-10 00:00 +00:01",
        "2024-02-10 00:00 -01",
        "2024-02-10 00:00 EST",
        "2024-02-10 00:00 +0059",
        "2024-02-10 00:00 +1400",
        "2024-02-10 00:00 +14:00",
        "2024-02-10 23:59:60",
        "2024-02-10 24:00:00",
        "1707523201",
        "1707523200001",
    ] {
        let reading = read_date(text, None).unwrap();
        assert_eq!(
            (reading.day.to_iso().as_str(), reading.time_dropped),
            ("2024-02-10", true),
            "{text}"
        );
    }
}

#[test]
fn numeric_dates_read_as_their_column() {
    let table = [
        // Text, unknown order, day first, month first.
        ("15/01/2024", "2024-01-15", "2024-01-15", "invalid-date"),
        ("01/15/2024", "2024-01-15", "invalid-date", "2024-01-15"),
        ("03/04/2024", "ambiguous-date", "2024-04-03", "2024-03-04"),
        ("3.4.2024", "ambiguous-date", "2024-04-03", "2024-03-04"),
        ("3-4-2024", "ambiguous-date", "2024-04-03", "2024-03-04"),
        ("03 04 2024", "ambiguous-date", "2024-04-03", "2024-03-04"),
        ("3. 4. 2024", "ambiguous-date", "2024-04-03", "2024-03-04"),
        ("03/04/2024 10:30", "ambiguous-date", "2024-04-03", "2024-03-04"),
        ("1/15/2024 12:00:00 AM", "2024-01-15", "invalid-date", "2024-01-15"),
        ("05/05/2024", "2024-05-05", "2024-05-05", "2024-05-05"),
        ("31/02/2024", "invalid-date", "invalid-date", "invalid-date"),
        ("30/02/2024", "invalid-date", "invalid-date", "invalid-date"),
        ("29/02/2024", "2024-02-29", "2024-02-29", "invalid-date"),
        ("29/02/2023", "invalid-date", "invalid-date", "invalid-date"),
        ("13/13/2024", "invalid-date", "invalid-date", "invalid-date"),
        ("00/01/2024", "invalid-date", "invalid-date", "invalid-date"),
        ("15/01-2024", "invalid-date", "invalid-date", "invalid-date"),
        ("15/01/024", "invalid-date", "invalid-date", "invalid-date"),
    ];
    for (text, unknown, day_first, month_first) in table {
        let found = (shown(text, None), shown(text, DMY), shown(text, MDY));
        let expected = (unknown.to_owned(), day_first.to_owned(), month_first.to_owned());
        assert_eq!(found, expected, "{text}");
    }
    // Where the year should be in front, a date with the year behind must prove itself.
    assert_eq!(shown("15/01/2024", YMD), "2024-01-15");
    assert_eq!(shown("03/04/2024", YMD), "ambiguous-date");
    assert_eq!(read_date("03/04/2024", DMY).unwrap().form, DateForm::DayFirst);
    assert_eq!(read_date("03/04/2024", MDY).unwrap().form, DateForm::MonthFirst);
}

#[test]
fn two_digit_years_read_under_an_order_only() {
    assert_eq!(shown("24-01-15", None), "ambiguous-date");
    assert_eq!(shown("24-01-15", YMD), "2024-01-15");
    assert_eq!(shown("24-01-15", DMY), "2015-01-24");
    assert_eq!(shown("24-01-15", MDY), "invalid-date");
    assert_eq!(shown("1/15/24", MDY), "2024-01-15");
    assert_eq!(shown("99-12-31", None), "1999-12-31");
    assert_eq!(shown("31.12.99", None), "1999-12-31");
    assert_eq!(shown("31.12.68", DMY), "2068-12-31");
    assert_eq!(shown("31.12.69", DMY), "1969-12-31");
    assert!(read_date("24-01-15", YMD).unwrap().two_digit_year);
    assert_eq!(shown("1/2/3", None), "invalid-date");
    assert_eq!(shown("24/1/5", YMD), "2024-01-05");
    assert_eq!(shown("5/1/24", DMY), "2024-01-05");
    assert_eq!(read_month("3/4", None).map(|_| ()), Err(DateDefect::Ambiguous));
}

#[test]
fn what_is_no_date_has_its_own_code() {
    for text in ["", "  ", "-", "—", "null", "\\N", "0000-00-00", "0000-00-00 00:00:00", "'"] {
        assert_eq!(shown(text, None), "missing-value", "{text:?}");
    }
    for text in [
        "yesterday",
        "2024-02-30",
        "2024-13-01",
        "2024-00-10",
        "2024-02",
        "2024",
        "202402",
        "0",
        "1",
        "-45332",
        "N/A",
        "#VALUE!",
        "Feb 2024",
        "10 Feb",
        "32 Jan 2024",
        "Feb 30, 2024",
        "10 Febtober 2024",
        "Feb Mar 2024 10",
        "2024-02-10-11",
        "2024-02-10 2024-02-11",
        "1234567",
        "12345678901",
        "99999999999999999999",
        "2024-W06-6",
        "10:30",
        "24-Jan",
        "45332.5.1",
        "12345678",
        "=TODAY()",
    ] {
        assert_eq!(shown(text, None), "invalid-date", "{text:?}");
    }
    for text in [
        "9999-12-31",
        "1899-12-30",
        "1949-12-31",
        "2100-01-01",
        "31/12/9999",
        "99991231",
        "31 Dec 9999",
        "0001-01-01T00:00:00Z",
        "80000",
        "9999999999",
    ] {
        assert_eq!(shown(text, None), "date-out-of-range", "{text:?}");
    }
    assert_eq!(shown("1950-01-01", None), "1950-01-01");
    assert_eq!(shown("2099-12-31", None), "2099-12-31");
}

#[test]
fn an_open_end_is_recognised() {
    for text in [
        "",
        "-",
        "NULL",
        "N/A",
        "never",
        "Ongoing",
        "9999-12-31",
        "9999-12-31 00:00:00",
        "12/31/9999",
        "31.12.9999",
        "2999-12-31",
        "2100-01-01",
        "0000-00-00",
        "0001-01-01T00:00:00Z",
        "1899-12-30",
        "1900-01-01",
        "99991231",
        "31 Dec 9999",
        "9999",
        "0",
        "∞",
        "unbefristet",
        "present",
    ] {
        assert!(is_open_end(text), "{text}");
    }
    for text in [
        "2024-12-31",
        "2099-12-31",
        "31/12/2024",
        "99-12-31",
        "yesterday",
        "45332",
        "1970-01-01",
        "2024-02-30",
    ] {
        assert!(!is_open_end(text), "{text}");
    }
}

#[test]
fn months_quarters_and_years() {
    let table = [
        ("2024-01", "2024-01"),
        ("2024/1", "2024-01"),
        ("2024.01", "2024-01"),
        ("2024_01", "2024-01"),
        ("01/2024", "2024-01"),
        ("1-2024", "2024-01"),
        ("202401", "2024-01"),
        ("Jan 2024", "2024-01"),
        ("January 2024", "2024-01"),
        ("2024 January", "2024-01"),
        ("Jan-24", "2024-01"),
        ("Jan '24", "2024-01"),
        ("jan.-24", "2024-01"),
        ("2024-Jan", "2024-01"),
        ("Januar 2024", "2024-01"),
        ("janv. 2024", "2024-01"),
        ("enero de 2024", "2024-01"),
        ("gennaio 2024", "2024-01"),
        ("2024M01", "2024-01"),
        ("2024年1月", "2024-01"),
        ("01/24", "2024-01"),
        ("24/01", "2024-01"),
        ("MRR 2024-01", "2024-01"),
        ("mrr_2024_01", "2024-01"),
        ("2024-01-31", "2024-01"),
        ("2024-01-01T00:00:00Z", "2024-01"),
        ("15/01/2024", "2024-01"),
        ("45292", "2024-01"),
        ("20240101", "2024-01"),
        ("31 Jan 2024", "2024-01"),
        ("2024-12", "2024-12"),
        ("Dez 2024", "2024-12"),
        ("2024-Q1", "2024-Q1"),
        ("Q1 2024", "2024-Q1"),
        ("2024Q1", "2024-Q1"),
        ("Q1'24", "2024-Q1"),
        ("1Q24", "2024-Q1"),
        ("24Q1", "2024-Q1"),
        ("Q1-2024", "2024-Q1"),
        ("T1 2024", "2024-Q1"),
        ("1. Quartal 2024", "2024-Q1"),
        ("2024 Q4", "2024-Q4"),
        ("2024", "2024"),
    ];
    for (text, label) in table {
        let reading = read_month(text, None).unwrap_or_else(|defect| panic!("{text}: {defect:?}"));
        assert_eq!(reading.period.label(), label, "{text}");
        let granularity = match label.len() {
            4 => Granularity::Year,
            7 if label.contains('Q') => Granularity::Quarter,
            _ => Granularity::Month,
        };
        assert_eq!(reading.granularity, granularity, "{text}");
    }
    assert!(read_month("2024-01-31", None).unwrap().is_full_date);
    assert!(!read_month("2024-01", None).unwrap().is_full_date);
    assert!(read_month("Jan-24", None).unwrap().two_digit_year);
    for text in [
        "2024-13",
        "2024-00",
        "202413",
        "Q5 2024",
        "Q0 2024",
        "24-Jan",
        "customer",
        "total",
        "MRR",
        "Jan",
        "12",
        "Jan Feb 2024",
        "Q1 Q2",
    ] {
        assert_eq!(
            read_month(text, None).map(|reading| reading.period.label()),
            Err(DateDefect::Invalid),
            "{text}"
        );
    }
    assert_eq!(read_month("", None).map(|_| ()), Err(DateDefect::Missing));
    assert_eq!(read_month("03/04", None).map(|_| ()), Err(DateDefect::Ambiguous));
    assert_eq!(read_month("03/04/2024", None).map(|_| ()), Err(DateDefect::Ambiguous));
    assert_eq!(read_month("9999", None).map(|_| ()), Err(DateDefect::OutOfRange));
}

#[test]
fn a_column_proves_its_order_or_not() {
    let evidence = |cells: &[&str]| {
        let mut evidence = DateEvidence::default();
        for cell in cells {
            evidence.observe(cell);
        }
        evidence
    };
    let verdict = |cells: &[&str]| evidence(cells).verdict();
    assert_eq!(
        verdict(&["2024-01-15", "", "20240115", "10 Feb 2024", "05/05/2024"]),
        DateVerdict::Unneeded
    );
    assert_eq!(verdict(&["15/01/2024", "01/02/2024"]), DateVerdict::Proved(DateOrder::Dmy));
    assert_eq!(verdict(&["01/15/2024", "02/01/2024"]), DateVerdict::Proved(DateOrder::Mdy));
    assert_eq!(verdict(&["03/01/2024", "01/02/2024"]), DateVerdict::Ambiguous);
    assert_eq!(verdict(&["15/01/2024", "01/15/2024"]), DateVerdict::Contradictory);
    let short = evidence(&["24-01-15", "24-02-01", "24-08-31"]);
    assert_eq!((short.verdict(), short.likely()), (DateVerdict::Ambiguous, DateOrder::Ymd));
    assert!(
        short.fits(DateOrder::Ymd) && short.fits(DateOrder::Dmy) && !short.fits(DateOrder::Mdy)
    );
    let behind = evidence(&["15/01/24", "01/02/24", "31/08/24"]);
    assert_eq!((behind.verdict(), behind.likely()), (DateVerdict::Ambiguous, DateOrder::Dmy));
    assert_eq!(evidence(&["1/15/24", "2/28/24"]).verdict(), DateVerdict::Proved(DateOrder::Mdy));
    assert_eq!(evidence(&["31.12.99", "30.11.98"]).verdict(), DateVerdict::Proved(DateOrder::Dmy));

    let mut all = evidence(&["2024-01-15 10:00", "45306", "1707523200", "yesterday"]);
    all.merge(&evidence(&["1707523200000", "9999-12-31", "", "13/01/2024", "24-01-15"]));
    assert_eq!(
        (all.n_year_first, all.n_serial, all.n_epoch_seconds, all.n_epoch_millis),
        (1, 1, 1, 1)
    );
    assert_eq!((all.n_invalid, all.n_out_of_range, all.n_missing, all.n_day_first), (1, 1, 1, 1));
    assert_eq!((all.n_two_digit_year, all.n_time_dropped, all.n_dates()), (1, 1, 6));
}

const NAMES: [[&str; 12]; 9] = [
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    [
        "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
        "déc.",
    ],
    [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    [
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ],
    [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    [
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ],
];

#[test]
fn every_day_reads_back_in_every_form() {
    let mut n_days = 0;
    let mut day = Day::EARLIEST;
    while day <= Day::LATEST {
        let date = day.date();
        let (y, m, d) = (date.year(), date.month(), date.day());
        let check = |text: &str, order: Option<DateOrder>| {
            let read = read_date(text, order).map(|reading| reading.day);
            assert_eq!(read, Ok(day), "{text} {order:?}");
        };
        check(&format!("{y:04}-{m:02}-{d:02}"), None);
        check(&format!("{y}/{m}/{d}"), None);
        check(&format!("{y:04}{m:02}{d:02}"), None);
        check(&format!("{y:04}-{m:02}-{d:02}T13:45:00.5+02:00"), None);
        for mark in ["/", "-", ".", " "] {
            check(&format!("{d:02}{mark}{m:02}{mark}{y}"), DMY);
            check(&format!("{m}{mark}{d}{mark}{y}"), MDY);
        }
        if (1969..=2068).contains(&y) {
            let short = y % 100;
            check(&format!("{short:02}-{m:02}-{d:02}"), YMD);
            check(&format!("{d:02}.{m:02}.{short:02}"), DMY);
            check(&format!("{m}/{d}/{short:02}"), MDY);
            check(&format!("{d:02}-{}-{short:02}", NAMES[1][m as usize - 1]), None);
        }
        let language = NAMES[day.0.rem_euclid(9) as usize][m as usize - 1];
        check(&format!("{d} {language} {y}"), None);
        check(&format!("{language} {d}, {y}"), None);
        let serial = day.0 + 25_569;
        if (20_000..=80_000).contains(&serial) {
            check(&serial.to_string(), None);
        }
        if 0 < day.0 {
            let seconds = i64::from(day.0) * 86_400 + 40_000;
            if 100_000_000 <= seconds {
                check(&seconds.to_string(), None);
                check(&(seconds * 1000 + 999).to_string(), None);
            }
        }
        day = day.next();
        n_days += 1;
    }
    assert_eq!(n_days, 54_787, "150 years of 365 days, and 37 leap days");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn evidence_does_not_depend_on_the_cut(
        cells in proptest::collection::vec(
            "[0-3][0-9]/[01][0-9]/(20)?2[0-9]|202[0-9]-0[1-9]-1[0-9]( 10:30)?|202401[12][0-9]|45[0-9]{3}|17[0-9]{8}|\
             17[0-9]{11}|1 Jan 2024|9999-12-31|word|",
            0..12,
        ),
        cut in 0_usize..12,
    ) {
        let gather = |cells: &[String]| {
            let mut evidence = DateEvidence::default();
            for cell in cells {
                evidence.observe(cell);
            }
            evidence
        };
        let (left, right) = cells.split_at(cut.min(cells.len()));
        let mut merged = gather(left);
        merged.merge(&gather(right));
        prop_assert_eq!(merged, gather(&cells));
        let n = merged.n_dates() + merged.n_missing + merged.n_invalid + merged.n_out_of_range;
        prop_assert_eq!(n, cells.len() as u64);
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,40}") {
        for order in [None, YMD, DMY, MDY] {
            let _ = read_date(&text, order);
            let _ = read_month(&text, order);
        }
        let _ = is_open_end(&text);
        DateEvidence::default().observe(&text);
    }

    #[test]
    fn any_text_of_date_characters_is_read_without_a_panic(text in "[0-9/.: TZQJanFebMr,+-]{0,30}") {
        let mut evidence = DateEvidence::default();
        evidence.observe(&text);
        let _ = read_month(&text, None);
        let _ = is_open_end(&text);
        // Without an order given, a cell is read only where no order reads it differently.
        if let Ok(reading) = read_date(&text, None) {
            for order in [YMD, DMY, MDY] {
                if let Ok(other) = read_date(&text, order) {
                    prop_assert_eq!(reading.day, other.day);
                }
            }
            prop_assert_eq!(evidence.n_dates(), 1);
        }
    }
}
