//! Cells to exact amounts, shares, counts and flags.

use proptest::prelude::*;
use retention_calculator::ingest::amount::{
    Amount, AmountDefect, CurrencySign, DecimalEvidence, DecimalMark, DecimalVerdict, Grouping,
    MinorUnits, SignMark, divide_half_away, read_active, read_amount, read_churned, read_count,
    read_flag, read_number, read_share,
};

const POINT: Option<DecimalMark> = Some(DecimalMark::Point);
const COMMA: Option<DecimalMark> = Some(DecimalMark::Comma);

/// The exact value in a short form: `1234.50`, or the code of the defect.
fn shown(text: &str, decimal: Option<DecimalMark>) -> String {
    match read_amount(text, decimal) {
        Ok(Amount { mantissa, scale, .. }) => {
            let digits =
                format!("{:0>width$}", mantissa.unsigned_abs(), width = usize::from(scale) + 1);
            let (whole, decimals) = digits.split_at(digits.len() - usize::from(scale));
            let sign = if mantissa < 0 { "-" } else { "" };
            if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{decimals}") }
        }
        Err(defect) => defect.code().to_owned(),
    }
}

/// Checks a table of cell, value in a column with a point, value in a column with a comma, value
/// where nothing is known of the column.
fn check(table: &[(&str, &str, &str, &str)]) {
    for &(text, point, comma, unknown) in table {
        let found = (shown(text, POINT), shown(text, COMMA), shown(text, None));
        let expected = (point.to_owned(), comma.to_owned(), unknown.to_owned());
        assert_eq!(found, expected, "{text:?} with a point, with a comma, unknown");
    }
}

const AMBIGUOUS: &str = "ambiguous-number";
const NOT_A_NUMBER: &str = "not-a-number";

#[test]
fn marks_read_as_their_column_and_contradictions_are_ambiguous() {
    check(&[
        ("0", "0", "0", "0"),
        ("1234", "1234", "1234", "1234"),
        ("49.50", "49.50", AMBIGUOUS, "49.50"),
        ("49,50", AMBIGUOUS, "49.50", "49.50"),
        ("1,23", AMBIGUOUS, "1.23", "1.23"),
        ("1.5", "1.5", AMBIGUOUS, "1.5"),
        ("1,234", "1234", "1.234", AMBIGUOUS),
        ("1.234", "1.234", "1234", AMBIGUOUS),
        ("12.345", "12.345", "12345", AMBIGUOUS),
        ("1234.505", "1234.505", AMBIGUOUS, "1234.505"),
        ("1234,505", AMBIGUOUS, "1234.505", "1234.505"),
        ("0.123", "0.123", AMBIGUOUS, "0.123"),
        ("0,123", AMBIGUOUS, "0.123", "0.123"),
        (".50", "0.50", AMBIGUOUS, "0.50"),
        (".505", "0.505", AMBIGUOUS, "0.505"),
        (",50", AMBIGUOUS, "0.50", "0.50"),
        ("50.", "50", AMBIGUOUS, "50"),
        // Two kinds of marks prove themselves, in any column.
        ("1,234.50", "1234.50", "1234.50", "1234.50"),
        ("1.234,50", "1234.50", "1234.50", "1234.50"),
        ("1.234.567,89", "1234567.89", "1234567.89", "1234567.89"),
        ("1,234,567.89", "1234567.89", "1234567.89", "1234567.89"),
        ("12,34,567.50", "1234567.50", "1234567.50", "1234567.50"),
        ("1'234.50", "1234.50", "1234.50", "1234.50"),
        ("1’234,50", "1234.50", "1234.50", "1234.50"),
        ("1 234,56", "1234.56", "1234.56", "1234.56"),
        ("1\u{a0}234,56", "1234.56", "1234.56", "1234.56"),
        ("1\u{202f}234,56", "1234.56", "1234.56", "1234.56"),
        ("1\u{2009}234.56", "1234.56", "1234.56", "1234.56"),
        ("1 234 567", "1234567", "1234567", "1234567"),
        ("1'234'567", "1234567", "1234567", "1234567"),
        // Several thousands marks of one kind contradict a column of that kind.
        ("1.234.567", AMBIGUOUS, "1234567", "1234567"),
        ("1,234,567", "1234567", AMBIGUOUS, "1234567"),
        ("12,34,567", "1234567", AMBIGUOUS, "1234567"),
        // Perhaps a slip for thousands twice.
        ("1 234,567", AMBIGUOUS, "1234.567", "1234.567"),
        ("1'234.567", "1234.567", AMBIGUOUS, "1234.567"),
        // No such grouping.
        ("1,23,4", NOT_A_NUMBER, NOT_A_NUMBER, NOT_A_NUMBER),
        ("123,45,678", NOT_A_NUMBER, NOT_A_NUMBER, NOT_A_NUMBER),
        ("1,234,56", NOT_A_NUMBER, NOT_A_NUMBER, NOT_A_NUMBER),
        ("1234,567,890", NOT_A_NUMBER, NOT_A_NUMBER, NOT_A_NUMBER),
        ("1.2.3", NOT_A_NUMBER, NOT_A_NUMBER, NOT_A_NUMBER),
        ("1,234.56.78", NOT_A_NUMBER, NOT_A_NUMBER, NOT_A_NUMBER),
        ("1.234,567.89", NOT_A_NUMBER, NOT_A_NUMBER, NOT_A_NUMBER),
        ("1,2345.00", NOT_A_NUMBER, NOT_A_NUMBER, NOT_A_NUMBER),
        ("1 23", NOT_A_NUMBER, NOT_A_NUMBER, NOT_A_NUMBER),
        ("1  234", NOT_A_NUMBER, NOT_A_NUMBER, NOT_A_NUMBER),
        ("49.50\n49.50", NOT_A_NUMBER, NOT_A_NUMBER, NOT_A_NUMBER),
        ("12,34.567", NOT_A_NUMBER, NOT_A_NUMBER, NOT_A_NUMBER),
        ("0,123,456", NOT_A_NUMBER, NOT_A_NUMBER, NOT_A_NUMBER),
        ("1.234.567.", NOT_A_NUMBER, NOT_A_NUMBER, NOT_A_NUMBER),
    ]);
}

#[test]
fn signs_are_read_in_every_usual_place() {
    for text in [
        "-1234.50",
        "1234.50-",
        "(1,234.50)",
        "(1234.50)",
        "− 1234.50",
        "\u{2013}1234.50",
        "－1234.50",
        "$-1234.50",
        "-$1,234.50",
        "($1,234.50)",
        "$(1,234.50)",
        "(1234.50) USD",
        "1234.50 CR",
        "1234.50CR",
        "1,234.50 Cr.",
        "USD -1234.50",
        "-1234.50 €",
        "1234.50- €",
        "（1,234.50）",
    ] {
        assert_eq!(shown(text, POINT), "-1234.50", "{text}");
    }
    for text in ["+1234.50", "1234.50 DR", "1234.50dr", "1234.50+", "+$1,234.50", "'1234.50"] {
        assert_eq!(shown(text, POINT), "1234.50", "{text}");
    }
    for text in [
        "--5", "-5-", "(-5)", "-(5)", "(5", "5)", "((5))", "5))", ")5(", "-5 CR", "+-5", "5-3",
        "(5)-",
    ] {
        assert_eq!(shown(text, POINT), NOT_A_NUMBER, "{text}");
    }
    let sign = |text| read_amount(text, POINT).unwrap().sign;
    assert_eq!(sign("5"), None);
    assert_eq!(sign("-5"), Some(SignMark::Minus));
    assert_eq!(sign("5-"), Some(SignMark::TrailingMinus));
    assert_eq!(sign("(5)"), Some(SignMark::Parentheses));
    assert_eq!(sign("5 CR"), Some(SignMark::Credit));
    assert_eq!(sign("5 DR"), Some(SignMark::Debit));
}

#[test]
fn currencies_are_exposed() {
    let known = [
        ("USD 1234.50", "USD"),
        ("1234.50 USD", "USD"),
        ("usd1234.50", "USD"),
        ("US$1234.50", "USD"),
        ("US$ 1,234.50", "USD"),
        ("$1234.50 USD", "USD"),
        ("$1234.50 CAD", "CAD"),
        ("CA$1234.50", "CAD"),
        ("C$1234.50", "CAD"),
        ("A$1234.50", "AUD"),
        ("R$ 1.234,50", "BRL"),
        ("R$1234.50", "BRL"),
        ("€ 1.234,50", "EUR"),
        ("1234,50 €", "EUR"),
        ("1234.50€", "EUR"),
        ("EUR 1234.50", "EUR"),
        ("£1,234.50", "GBP"),
        ("₹1,234.50", "INR"),
        ("CHF 1'234.50", "CHF"),
        ("Fr. 1'234.50", "CHF"),
        ("SFr. 1234.50", "CHF"),
        ("1 234,50 zł", "PLN"),
        ("1 234,50 Kč", "CZK"),
        ("R 1234.50", "ZAR"),
        ("1234.50 ₽", "RUB"),
        ("₺1234.50", "TRY"),
        ("RM1234.50", "MYR"),
        ("MX$1,234.50", "MXN"),
        ("SEK 1 234,50", "SEK"),
        ("kr 1 234,50 NOK", "NOK"),
        ("1234.50 元", "CNY"),
        ("HK$1234.50", "HKD"),
        ("1234.50 US$", "USD"),
        ("CN¥1234.50", "CNY"),
    ];
    for (text, code) in known {
        let amount = read_amount(text, None).unwrap_or_else(|defect| panic!("{text}: {defect:?}"));
        assert_eq!((amount.mantissa, amount.scale), (123_450, 2), "{text}");
        let currency = amount.currency.and_then(CurrencySign::currency);
        assert_eq!(
            currency.map(|currency| currency.code().to_owned()).as_deref(),
            Some(code),
            "{text}"
        );
    }
    let sign = |text| read_amount(text, POINT).unwrap().currency.unwrap();
    assert_eq!(sign("$5"), CurrencySign::Dollar);
    assert_eq!(sign("5 ¥"), CurrencySign::Yen);
    assert_eq!(sign("￥5"), CurrencySign::Yen);
    assert_eq!(sign("kr 5"), CurrencySign::Krone);
    assert_eq!(sign("5 kr."), CurrencySign::Krone);
    assert_eq!(sign("Rs. 500"), CurrencySign::Rupee);
    assert_eq!(sign("$5").currency(), None);
    assert_eq!(sign("¥5").candidates(), ["JPY", "CNY"]);
    for text in
        ["$5 EUR", "€5 USD", "$€5", "$5 JPY", "5 XYZ", "5 mo", "$5/mo", "5k", "₹1.5 Cr", "5 USDC"]
    {
        assert_eq!(shown(text, POINT), NOT_A_NUMBER, "{text}");
    }
}

#[test]
fn what_is_no_amount_has_its_own_code() {
    for text in [
        "", " ", "\u{a0}", "\u{feff}", "-", "–", "—", "--", "null", "NULL", "\\N", "None",
        "(blank)", "'",
    ] {
        assert_eq!(shown(text, POINT), "missing-value", "{text:?}");
    }
    for text in [
        "N/A", "n/a", "NA", "NaN", "#N/A", "inf", "-inf", "Infinity", "0x4D2", "abc", "1e", "1e+",
        "e5", "$", "USD", ".", ",", "1_000", "12/5", "=1+1", "1.5M", "٫", "+", "()", "5%%", "N/A%",
    ] {
        assert_eq!(shown(text, POINT), NOT_A_NUMBER, "{text:?}");
    }
    for text in ["12%", "12 %", "%12", "12.5%", "-12%", "٪12", "12٪", "12‰"] {
        assert_eq!(shown(text, POINT), "percent-in-amount", "{text:?}");
    }
    for text in [
        "1e400",
        "1E+400",
        "-1e400",
        "1e999999999999",
        "9999999999999999999999999999999999999999",
        "1e-400",
    ] {
        assert_eq!(shown(text, POINT), "out-of-range", "{text:?}");
    }
    let tiny = read_amount("1e-76", POINT).unwrap();
    assert_eq!((tiny.mantissa, tiny.scale), (1, 76));
    assert_eq!(shown("1e-77", POINT), "out-of-range");
    // Read exactly, but more than a row can hold.
    let huge = read_amount("99999999999999999999", POINT).unwrap();
    assert_eq!(huge.to_minor(2), Err(AmountDefect::OutOfRange));
    // The accounting format of spreadsheets writes zero as a dash.
    assert_eq!(shown(" $ -   ", POINT), "0");
    assert_eq!(shown("-\u{a0}€", POINT), "0");
}

#[test]
fn digits_of_other_scripts_and_exponents_are_exact() {
    check(&[
        ("١٢٣٤٫٥٠", "1234.50", "1234.50", "1234.50"),
        ("١٬٢٣٤٫٥٠", "1234.50", "1234.50", "1234.50"),
        ("۱۲۳۴", "1234", "1234", "1234"),
        ("१२३४", "1234", "1234", "1234"),
        ("１２３４．５０", "1234.50", AMBIGUOUS, "1234.50"),
        ("￥１，２３４", "1234", "1.234", AMBIGUOUS),
        ("1e3", "1000", "1000", "1000"),
        ("1.5E+06", "1500000", AMBIGUOUS, "1500000"),
        ("1,5E+06", AMBIGUOUS, "1500000", "1500000"),
        ("1.234e3", "1234", AMBIGUOUS, "1234"),
        ("1,234e3", AMBIGUOUS, "1234", "1234"),
        ("12345e-2", "123.45", "123.45", "123.45"),
        ("0e400", "0", "0", "0"),
        (
            "0.1000000000000000055511151231257827",
            "0.1000000000000000055511151231257827",
            AMBIGUOUS,
            "0.1000000000000000055511151231257827",
        ),
    ]);
}

#[test]
fn minor_units_round_half_away_from_zero_and_say_so() {
    let minor = |text, decimals| {
        let MinorUnits { amount_minor, rounded } =
            read_amount(text, POINT).unwrap().to_minor(decimals).unwrap();
        (amount_minor, rounded)
    };
    assert_eq!(minor("1234.50", 2), (123_450, false));
    assert_eq!(minor("1234.505", 2), (123_451, true));
    assert_eq!(minor("-1234.505", 2), (-123_451, true));
    assert_eq!(minor("1234.5049", 2), (123_450, true));
    assert_eq!(minor("1234.500", 2), (123_450, false));
    assert_eq!(minor("0.005", 2), (1, true));
    assert_eq!(minor("0.0049999", 2), (0, true));
    assert_eq!(minor("1234.5", 0), (1235, true));
    assert_eq!(minor("1234", 0), (1234, false));
    assert_eq!(minor("1.2345", 3), (1235, true));
    assert_eq!(minor("1e3", 2), (100_000, false));
    assert_eq!(minor("92233720368547758.07", 2), (i64::MAX, false));
    let over = read_amount("92233720368547758.08", POINT).unwrap();
    assert_eq!(over.to_minor(2), Err(AmountDefect::OutOfRange));
    // 100 a year is 8.33 a month, 99.99 is 8.3325 and so 8.33, 100.02 is 8.335 and so 8.34.
    let monthly = |text| read_amount(text, POINT).unwrap().fraction_to_minor(1, 12, 2).unwrap();
    assert_eq!(monthly("100"), MinorUnits { amount_minor: 833, rounded: true });
    assert_eq!(monthly("99.99"), MinorUnits { amount_minor: 833, rounded: true });
    assert_eq!(monthly("100.02"), MinorUnits { amount_minor: 834, rounded: true });
    assert_eq!(monthly("-100.02"), MinorUnits { amount_minor: -834, rounded: true });
    assert_eq!(monthly("1200"), MinorUnits { amount_minor: 10_000, rounded: false });
    assert_eq!(
        read_amount("1", POINT).unwrap().fraction_to_minor(1, 0, 2),
        Err(AmountDefect::OutOfRange)
    );
    // 2.55 times 3 is 7.65.
    let product =
        read_amount("2.55", POINT).unwrap().times(read_amount("3", POINT).unwrap()).unwrap();
    assert_eq!((product.mantissa, product.scale), (765, 2));
    assert_eq!(divide_half_away(5, 2), (3, true));
    assert_eq!(divide_half_away(-5, 2), (-3, true));
    assert_eq!(divide_half_away(1, 3), (0, true));
    assert_eq!(divide_half_away(2, 3), (1, true));
    assert_eq!(divide_half_away(-6, 3), (-2, false));
}

#[test]
fn what_was_seen_is_exposed() {
    let european = read_amount("€ 1.234,50", POINT).unwrap();
    assert_eq!(
        (european.decimal, european.grouping),
        (Some(DecimalMark::Comma), Some(Grouping::Point))
    );
    let swiss = read_amount("1'234.50", POINT).unwrap();
    assert_eq!(
        (swiss.decimal, swiss.grouping),
        (Some(DecimalMark::Point), Some(Grouping::Apostrophe))
    );
    let plain = read_amount("1234", POINT).unwrap();
    assert_eq!((plain.decimal, plain.grouping, plain.currency), (None, None, None));
    assert_eq!(read_amount("1 234", POINT).unwrap().grouping, Some(Grouping::Space));
    assert_eq!(read_amount("1,234", POINT).unwrap().grouping, Some(Grouping::Comma));
}

#[test]
fn a_column_proves_its_mark_or_not() {
    let evidence = |cells: &[&str]| {
        let mut evidence = DecimalEvidence::default();
        for cell in cells {
            evidence.observe(cell);
        }
        evidence
    };
    let verdict = |cells: &[&str]| evidence(cells).verdict();
    let proved = DecimalVerdict::Proved;
    assert_eq!(verdict(&["100", "50", ""]), DecimalVerdict::Unneeded);
    assert_eq!(verdict(&["100.00", "49.50", "1,234"]), proved(DecimalMark::Point));
    assert_eq!(verdict(&["100,00", "49,50", "1.234"]), proved(DecimalMark::Comma));
    assert_eq!(verdict(&["1,234", "5,600", "999"]), DecimalVerdict::Ambiguous);
    assert_eq!(evidence(&["1,234", "5,600", "999"]).likely(), DecimalMark::Point);
    assert_eq!(evidence(&["1.234", "5.600", "999"]).likely(), DecimalMark::Comma);
    // One cell of the other kind, as in a file with one amount pasted from elsewhere.
    assert_eq!(
        verdict(&["100.00", "49.50", "€ 1.234,50", "20.00", "300.25"]),
        proved(DecimalMark::Point)
    );
    assert_eq!(
        verdict(&["100.00", "49.50", "1.234.567", "20.00", "300.25"]),
        proved(DecimalMark::Point)
    );
    // Half and half, and a cell that depends on it.
    assert_eq!(verdict(&["100.00", "49,50", "1,234"]), DecimalVerdict::Ambiguous);
    assert_eq!(verdict(&["1.00", "2.00", "3.00", "49,50", "1,234"]), DecimalVerdict::Ambiguous);
    let mut all = evidence(&["100.00", "abc", "12%"]);
    all.merge(&evidence(&["1,234", "5", "", "1,5"]));
    assert_eq!((all.n_point, all.n_comma, all.n_either_with_comma, all.n_unmarked), (1, 1, 1, 2));
    assert_eq!((all.n_missing, all.n_percent, all.n_other, all.n_numbers()), (1, 1, 1, 5));
}

#[test]
fn shares_counts_numbers_and_flags() {
    let share = |text| read_share(text, None).unwrap();
    assert!((share("85%").fraction() - 0.85).abs() < 1e-15);
    assert!((share("85%").hundredth() - 0.85).abs() < 1e-15);
    assert!((share("0.85").fraction() - 0.85).abs() < 1e-15);
    assert!((share("85").hundredth() - 0.85).abs() < 1e-15);
    assert!((share("85").fraction() - 85.0).abs() < 1e-15);
    assert!((share("85,5 %").fraction() - 0.855).abs() < 1e-15);
    assert_eq!(read_share("$5", None), Err(AmountDefect::NotANumber));

    assert_eq!(read_count("1,234", POINT), Ok(1234));
    assert_eq!(read_count("1.234", None), Ok(1234));
    assert_eq!(read_count("1,234", None), Ok(1234));
    assert_eq!(read_count("1.000", None), Err(AmountDefect::Ambiguous));
    assert_eq!(read_count("5.0", None), Ok(5));
    assert_eq!(read_count("5.5", None), Err(AmountDefect::NotANumber));
    assert_eq!(read_count("-5", None), Err(AmountDefect::OutOfRange));
    assert_eq!(read_count("$5", None), Err(AmountDefect::NotANumber));
    assert_eq!(read_count("", None), Err(AmountDefect::Missing));
    assert_eq!(read_count("12%", None), Err(AmountDefect::Percent));
    assert_eq!(read_count("99999999999999999999", None), Err(AmountDefect::OutOfRange));

    assert_eq!(read_number("6.0", None).map(f64::to_bits), Ok(6.0_f64.to_bits()));
    assert_eq!(read_number("0.1", None).map(f64::to_bits), Ok(0.1_f64.to_bits()));
    assert_eq!(read_number("1e20", None).map(f64::to_bits), Ok(1e20_f64.to_bits()));
    assert_eq!(
        read_number("0.30000000000000004", None).map(f64::to_bits),
        Ok(0.300_000_000_000_000_04_f64.to_bits())
    );
    assert_eq!(read_number("1.234", None), Err(AmountDefect::Ambiguous));

    for text in ["yes", "Yes", " Y ", "1", "TRUE", "ja", "Oui", "SÍ", "sim"] {
        assert_eq!(
            (read_flag(text), read_churned(text), read_active(text)),
            (Some(true), Some(true), Some(true)),
            "{text}"
        );
    }
    for text in ["no", "No", "0", "false", "nein", "Não", "FAUX"] {
        assert_eq!(
            (read_flag(text), read_churned(text), read_active(text)),
            (Some(false), Some(false), Some(false)),
            "{text}"
        );
    }
    for text in ["churned", "Lost", "cancelled", "Gekündigt", "RÉSILIÉ"] {
        assert_eq!(
            (read_flag(text), read_churned(text), read_active(text)),
            (None, Some(true), Some(false)),
            "{text}"
        );
    }
    for text in ["active", "Aktiv", "retained"] {
        assert_eq!(
            (read_flag(text), read_churned(text), read_active(text)),
            (None, Some(false), Some(true)),
            "{text}"
        );
    }
    for text in ["", "maybe", "2", "yes no"] {
        assert_eq!(
            (read_flag(text), read_churned(text), read_active(text)),
            (None, None, None),
            "{text}"
        );
    }
}

/// Writes digits in groups, from the right: sizes of the groups from the right, the last repeated.
fn grouped(digits: &str, mark: &str, sizes: &[usize]) -> String {
    let mut groups: Vec<&str> = Vec::new();
    let mut rest = digits;
    let mut place = 0;
    loop {
        let size = sizes[place.min(sizes.len() - 1)];
        if rest.len() <= size {
            groups.push(rest);
            break;
        }
        let (left, right) = rest.split_at(rest.len() - size);
        groups.push(right);
        rest = left;
        place += 1;
    }
    groups.reverse();
    groups.join(mark)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,24}") {
        for decimal in [POINT, COMMA, None] {
            let _ = read_amount(&text, decimal).map(|amount| (amount.to_minor(2), amount.to_f64()));
            let _ = read_share(&text, decimal);
            let _ = read_count(&text, decimal);
        }
        DecimalEvidence::default().observe(&text);
        let _ = (read_flag(&text), read_churned(&text));
    }

    #[test]
    fn any_text_of_number_characters_is_read_without_a_panic(text in "[0-9.,' €$%()+eECRDkr\u{a0}\u{66b}-]{0,24}") {
        let mut evidence = DecimalEvidence::default();
        evidence.observe(&text);
        for decimal in [POINT, COMMA, None] {
            let _ = read_amount(&text, decimal).map(|amount| amount.to_minor(2));
        }
        // Without a mark given, a cell is read only where no given mark reads it differently.
        if let Ok(amount) = read_amount(&text, None) {
            for decimal in [POINT, COMMA] {
                match read_amount(&text, decimal) {
                    Ok(other) => prop_assert_eq!((amount.mantissa, amount.scale), (other.mantissa, other.scale)),
                    Err(defect) => prop_assert_eq!(defect, AmountDefect::Ambiguous),
                }
            }
        }
    }

    #[test]
    fn evidence_does_not_depend_on_the_cut(
        cells in proptest::collection::vec("[0-9]{1,4}([.,][0-9]{1,3}){0,2}%?|N/A|", 0..12), cut in 0_usize..12,
    ) {
        let gather = |cells: &[String]| {
            let mut evidence = DecimalEvidence::default();
            for cell in cells {
                evidence.observe(cell);
            }
            evidence
        };
        let (left, right) = cells.split_at(cut.min(cells.len()));
        let mut merged = gather(left);
        merged.merge(&gather(right));
        prop_assert_eq!(merged, gather(&cells));
    }

    #[test]
    fn an_amount_reads_back_as_it_was_written(
        minor in any::<i64>(), style in 0_usize..7, sign in 0_usize..5, currency in 0_usize..6,
    ) {
        let size = minor.unsigned_abs();
        let (whole, cents) = ((size / 100).to_string(), format!("{:02}", size % 100));
        let (decimal, number) = match style {
            0 => (POINT, format!("{whole}.{cents}")),
            1 => (COMMA, format!("{whole},{cents}")),
            2 => (POINT, format!("{}.{cents}", grouped(&whole, ",", &[3]))),
            3 => (COMMA, format!("{},{cents}", grouped(&whole, ".", &[3]))),
            4 => (POINT, format!("{}.{cents}", grouped(&whole, "'", &[3]))),
            5 => (COMMA, format!("{},{cents}", grouped(&whole, "\u{202f}", &[3]))),
            _ => (POINT, format!("{}.{cents}", grouped(&whole, ",", &[3, 2]))),
        };
        let number = match currency {
            0 => number,
            1 => format!("${number}"),
            2 => format!("€ {number}"),
            3 => format!("{number} €"),
            4 => format!("USD {number}"),
            _ => format!("{number} kr"),
        };
        let text = match (minor < 0, sign) {
            (true, 0) => format!("-{number}"),
            (true, 1) => format!("({number})"),
            (true, 2) => format!("{number}-"),
            (true, 3) => format!("\u{2212}{number}"),
            (true, _) => format!("{number} CR"),
            (false, 0) => format!("+{number}"),
            (false, _) => number,
        };
        let read = read_amount(&text, decimal).and_then(|amount| amount.to_minor(2));
        prop_assert_eq!(read, Ok(MinorUnits { amount_minor: minor, rounded: false }), "{}", text);
        // Two decimals always prove the mark, so nothing need be known of the column.
        let alone = read_amount(&text, None).and_then(|amount| amount.to_minor(2));
        prop_assert_eq!(alone, Ok(MinorUnits { amount_minor: minor, rounded: false }), "{}", text);
    }

    #[test]
    fn rounding_is_half_away_from_zero(dividend in -1_000_000_i64..1_000_000, divisor in 1_i64..5000) {
        let (quotient, inexact) = divide_half_away(i128::from(dividend), i128::from(divisor));
        // The definition: floor(|n| / d + 1/2), with the sign.
        let expected = (2 * dividend.abs() + divisor).div_euclid(2 * divisor) * dividend.signum();
        prop_assert_eq!(quotient, i128::from(expected));
        prop_assert_eq!(inexact, dividend % divisor != 0);
    }

    #[test]
    fn floats_are_the_nearest(mantissa in any::<i64>(), scale in 0_u32..18) {
        let text = format!("{mantissa}e-{scale}");
        let nearest: f64 = text.parse().unwrap();
        prop_assert_eq!(read_number(&text, POINT).unwrap().to_bits(), nearest.to_bits());
    }
}
