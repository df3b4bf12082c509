//! Vendors' layouts by their headers: which kind of file each is, and which column is what.
//!
//! The headers are those of the vendors' exports, in their order; the rows are ours. What has no
//! history of customers is refused with what to export instead.

use retention_calculator::session::AnalyzeOptions;

use crate::reading::read_with;

/// Checks the shape and the roles of a file of one header and a few rows.
#[track_caller]
fn check(csv: &str, shape: &str, roles: &[(&str, &str)]) {
    let report = read_with(csv.as_bytes(), &AnalyzeOptions::default()).unwrap();
    assert_eq!(report.input.shape, shape);
    for &(role, column) in roles {
        let found = report.input.columns.iter().find(|known| known.role.as_deref() == Some(role));
        assert_eq!(found.map(|known| known.name.as_str()), Some(column), "the role {role}");
        assert_ne!(found.map(|known| known.why.as_str()), Some(""), "the reason for {role}");
    }
}

/// Checks that a file is refused with a code and with advice.
#[track_caller]
fn check_refused(csv: &str, code: &str, advice: &str) {
    let error = read_with(csv.as_bytes(), &AnalyzeOptions::default()).unwrap_err();
    assert_eq!(error.code(), code);
    assert!(error.message().contains(advice), "{}", error.message());
}

#[test]
fn stripe_payments_of_2014() {
    check(
        "id,Description,Created,Amount,Amount Refunded,Currency,Converted Amount,\
         Converted Amount Refunded,Fee,Converted Currency,Mode,Status,Customer ID,\
         Customer Description,Customer Email,Captured,Card Last4\n\
         ch_1,One,2014-03-01 10:00,49.00,0.00,usd,49.00,0.00,1.72,usd,Live,Paid,cus_A,A,a@example.com,true,4242\n\
         ch_2,Two,2014-04-01 10:00,\"1,049.00\",0.00,usd,\"1,049.00\",0.00,30.72,usd,Live,Paid,cus_B,B,b@example.com,true,4242\n",
        "transactions",
        &[
            ("customer", "Customer ID"),
            ("date", "Created"),
            ("amount", "Amount"),
            ("refund", "Amount Refunded"),
            ("currency", "Currency"),
            ("status", "Status"),
            ("order", "id"),
        ],
    );
}

#[test]
fn stripe_unified_payments() {
    check(
        "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,\
         Converted Amount Refunded,Converted Currency,Fee,Is Link,Mode,Payment Source Type,Status,\
         Taxes On Fee,Application Fee,Customer ID,Customer Email\n\
         ch_1,2025-03-01 10:00:00,49.00,10.00,eur,true,49.00,10.00,eur,1.72,false,Live,card,Paid,0.00,,cus_A,a@example.com\n\
         ch_2,2025-04-01 10:00:00,59.00,0.00,eur,true,59.00,0.00,eur,1.72,false,Live,card,Failed,0.00,,cus_B,b@example.com\n",
        "transactions",
        &[("customer", "Customer ID"), ("date", "Created date (UTC)"), ("amount", "Amount")],
    );
}

#[test]
fn stripe_invoices() {
    check(
        "id,Customer,Customer Name,Amount Due,Amount Paid,Paid,Billing,Charge,Closed,Date (UTC),\
         Description,Number,Finalized At (UTC),Paid At (UTC),Subscription,Status\n\
         in_1,cus_A,A,49.00,49.00,TRUE,charge_automatically,ch_1,TRUE,2025-03-01 10:00,,N-1,2025-03-01 11:00,2025-03-01 11:00,sub_1,paid\n\
         in_2,cus_B,B,59.00,59.00,TRUE,charge_automatically,ch_2,TRUE,2025-04-01 10:00,,N-2,2025-04-01 11:00,2025-04-01 11:00,sub_2,paid\n",
        "transactions",
        &[("customer", "Customer"), ("date", "Paid At (UTC)"), ("amount", "Amount Paid")],
    );
}

#[test]
fn hubspot_deals() {
    check(
        "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Create Date,Deal owner,\
         Last Activity Date,Associated Company\n\
         1,First,Closed Won,Sales,1200.00,2025-03-01 10:00,2025-01-01 10:00,Sam,2025-03-01 10:00,Acme\n\
         2,Second,Closed Won,Sales,2400.00,2025-04-01 10:00,2025-01-01 10:00,Sam,2025-03-01 10:00,Bolt\n",
        "transactions",
        &[("customer", "Associated Company"), ("date", "Close Date"), ("amount", "Amount")],
    );
}

#[test]
fn salesforce_opportunities() {
    check(
        "Opportunity ID,Opportunity Owner,Account Name,Opportunity Name,Stage,Forecast Category,\
         Amount,Currency,Fiscal Period,Close Date,Type\n\
         006A,Sam,Acme,First,Closed Won,Closed,\"$1,200.00\",USD,Q1-2025,2025-03-01,New\n\
         006B,Sam,Bolt,Second,Closed Won,Closed,\"$2,400.00\",USD,Q2-2025,2025-04-01,New\n",
        "transactions",
        &[("customer", "Account Name"), ("date", "Close Date"), ("amount", "Amount")],
    );
}

#[test]
fn authorize_net_with_tabs() {
    check(
        "ID\tName\tStatus\tCreated Date\tCustomer\tPayment Method\tAmount\tPayments to Date\n\
         1\tPlan A\tActive\t2024-03-01\tAcme\tVisa\t49.00\t9999\n\
         2\tPlan A\tActive\t2024-04-01\tBolt\tVisa\t59.00\t9999\n",
        "subscriptions",
        &[("customer", "Customer"), ("start", "Created Date"), ("amount", "Amount")],
    );
}

#[test]
fn a_spreadsheet_in_german() {
    check(
        "Kundennummer;Vertragsbeginn;Kündigungsdatum;Monatsumsatz\n\
         1001;15.01.2024;;1.234,50\n\
         1002;01.02.2024;31.08.2024;49,50\n",
        "subscriptions",
        &[
            ("customer", "Kundennummer"),
            ("start", "Vertragsbeginn"),
            ("end", "Kündigungsdatum"),
            ("amount", "Monatsumsatz"),
        ],
    );
}

#[test]
fn lists_of_customers_are_refused_with_what_to_export_instead() {
    check_refused(
        "id,Description,Email,Name,Created (UTC),Delinquent,Plan,Status,Total Spend,Payment Count,\
         Refunded Volume,Dispute Losses\n\
         cus_A,,a@example.com,A,2024-01-01 10:00,false,basic,active,490.00,10,0.00,0.00\n",
        "no-history",
        "Export subscriptions",
    );
    check_refused(
        "First Name,Last Name,Email,Accepts Email Marketing,Company,Address1,Address2,City,\
         Province,Province Code,Country,Country Code,Zip,Phone,Accepts SMS Marketing,Total Spent,\
         Total Orders,Tags,Note,Tax Exempt\n\
         Ann,A,a@example.com,yes,,,,,,,,,,,no,120.00,3,,,no\n",
        "no-history",
        "Export orders",
    );
}

#[test]
fn a_file_without_amounts_counts_customers() {
    let csv = "customer,start,end\nA,2024-01-01,\nB,2024-01-01,2024-02-10\n";
    let report = read_with(csv.as_bytes(), &AnalyzeOptions::default()).unwrap();
    assert_eq!(report.periods[1].customers.lost, Some(1));
    assert_eq!(report.periods[1].revenue, None);
    assert_eq!(report.periods[1].net_revenue_retention.why.as_deref(), Some("no-amounts"));
}

#[test]
fn the_unit_of_a_tenure_is_that_of_its_name() {
    for (name, unit) in [
        ("tenure", "month"),
        ("months_active", "month"),
        ("days_active", "day"),
        ("week", "period"),
        ("T", "period"),
    ] {
        let csv = format!("{name},churned\n5,yes\n12,no\n30,yes\n");
        let report = read_with(csv.as_bytes(), &AnalyzeOptions::default()).unwrap();
        assert_eq!(report.survival.unwrap().unit, unit, "{name}");
    }
}

#[test]
fn an_end_far_beyond_the_last_start_is_told() {
    let csv = "customer,start,end,mrr\nA,2024-01-01,2025-12-31,10\nB,2024-02-01,,10\n";
    let report = read_with(csv.as_bytes(), &AnalyzeOptions::default()).unwrap();
    assert_eq!(report.input.as_of, "2025-12-31");
    assert!(report.input.notes.iter().any(|note| note.code == "as-of-is-an-end"));
    let options = AnalyzeOptions { as_of: Some("2024-03-31".to_owned()), ..Default::default() };
    let report = read_with(csv.as_bytes(), &options).unwrap();
    assert_eq!(report.periods.last().unwrap().customers.end, Some(2));
}

#[test]
fn of_several_currencies_one_can_be_kept_whatever_the_order_of_rows() {
    let rows = ["A,2024-01-01,$10", "B,2024-01-01,20", "C,2024-01-01,€30"];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let body: Vec<&str> = order.iter().map(|&row| rows[row]).collect();
        let csv = format!("customer,start,mrr\n{}\n", body.join("\n"));
        let open = read_with(csv.as_bytes(), &AnalyzeOptions::default()).unwrap();
        assert!(open.input.questions.iter().any(|question| question.code == "mixed-currency"));
        let told = open.input.notes.iter().find(|note| note.code == "mixed-currency").unwrap();
        assert!(told.message.contains("1 row in EUR"), "{}", told.message);
        assert_eq!(open.input.amount_total_minor, None);
        let options = AnalyzeOptions { currency: Some("USD".to_owned()), ..Default::default() };
        let kept = read_with(csv.as_bytes(), &options).unwrap();
        assert_eq!((kept.input.rows.used, kept.input.rows.excluded), (2, 1));
        assert_eq!(kept.input.amount_total_minor.as_deref(), Some("3000"));
        assert!(kept.input.notes.iter().any(|note| note.code == "currency-not-named"));
    }
}

#[test]
fn a_sign_in_a_currency_column_is_a_currency() {
    let csv = "customer,start,mrr,currency\nA,2024-01-01,10,€\nB,2024-02-01,20,€\n";
    let report = read_with(csv.as_bytes(), &AnalyzeOptions::default()).unwrap();
    assert_eq!(report.input.rows.used, 2);
    assert_eq!(report.input.currency.as_deref(), Some("EUR"));
}

#[test]
fn every_choice_can_be_overridden() {
    let csv =
        "customer,account,start,end,mrr,listprice\nA,X,2024-01-01,,10,12\nB,X,2024-01-01,,20,24\n";
    let mut options = AnalyzeOptions::default();
    options.roles.insert("customer".to_owned(), "account".to_owned());
    options.roles.insert("amount".to_owned(), "listprice".to_owned());
    let report = read_with(csv.as_bytes(), &options).unwrap();
    assert_eq!(report.input.customers, 1);
    assert_eq!(report.input.amount_total_minor.as_deref(), Some("3600"));
}
