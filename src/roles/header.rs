//! Names of columns in the wild, and the roles they are known to stand for.
//!
//! It looks at names only; whether the values fit is judged by `profile`.

use super::Role;

/// A column's name in lower case, words parted by one space: `customerID (UTC)` is `customer id`.
#[must_use]
pub fn normalized(name: &str) -> String {
    let mut words = String::with_capacity(name.len());
    let mut previous_is_lower = false;
    for character in name.chars() {
        if character.is_alphanumeric() {
            if character.is_uppercase() && previous_is_lower && !words.is_empty() {
                words.push(' ');
            }
            previous_is_lower = character.is_lowercase() || character.is_ascii_digit();
            words.extend(character.to_lowercase());
        } else {
            previous_is_lower = false;
            if character == '#' {
                words.push_str(" number");
            } else if character == '%' {
                words.push_str(" percent");
            } else {
                words.push(' ');
            }
        }
    }
    let mut tidy = String::with_capacity(words.len());
    for word in words.split_whitespace() {
        if word == "utc" || word == "gmt" {
            continue;
        }
        if !tidy.is_empty() {
            tidy.push(' ');
        }
        tidy.push_str(word);
    }
    tidy
}

/// How well a normalised name stands for a role, from 0 to 100.
///
/// 100 is the role's own name or a vendor's unmistakable one; below 50 are names that fit only where
/// the values do and nothing better is there.
pub(super) fn score(role: Role, name: &str) -> u8 {
    aliases(role)
        .iter()
        .find(|(_, names)| names.contains(&name))
        .map_or_else(|| ending_score(role, name), |&(score, _)| score)
}

/// Names that end in a known one (`acme customer id`) count for less.
fn ending_score(role: Role, name: &str) -> u8 {
    let known = aliases(role)
        .iter()
        .filter(|&&(score, _)| 80 <= score)
        .flat_map(|&(score, names)| names.iter().map(move |&known| (score, known)))
        .filter(|(_, known)| known.contains(' ') || 6 <= known.len());
    known
        .filter(|(_, known)| {
            name.strip_suffix(known).is_some_and(|rest| rest.ends_with(' '))
                || name.strip_prefix(known).is_some_and(|rest| rest.starts_with(' '))
        })
        .map(|(score, _)| score - 35)
        .max()
        .unwrap_or(0)
}

type Aliases = &'static [(u8, &'static [&'static str])];

#[expect(clippy::too_many_lines, reason = "one table")]
fn aliases(role: Role) -> Aliases {
    match role {
        Role::Customer => &[
            (100, &["customer id", "customer", "customer uuid", "customer oid", "customer external ids"]),
            (
                95,
                &[
                    "account id", "client id", "customer number", "customer no", "cust id", "user id",
                    "account code", "subscriber id", "member id", "company id", "customerid",
                    "userid", "accountid", "clientid", "rc original app user id", "app user id",
                    "customer key", "account number", "org id", "organization id", "organisation id",
                    "workspace id", "tenant id", "kundennummer", "kunden id", "kundennr", "id client",
                    "id cliente", "numero client", "numéro client", "número de cliente", "klantnummer",
                ],
            ),
            (
                85,
                &[
                    "customer email", "email", "e mail", "email address", "customer name", "client",
                    "account", "subscriber", "member", "company", "account name", "company name",
                    "associated company", "organization", "organisation", "user", "kunde", "kunden",
                    "cliente", "klant", "clients", "primary contact email", "mail", "login", "username",
                    "external id", "kundenname", "firma", "nom du client",
                ],
            ),
            (60, &["name", "rownames", "row names", "row id", "id", "uuid", "billing name", "key"]),
            (40, &["number", "no", "nr", "index", "billing email"]),
        ],
        Role::Start => &[
            (
                100,
                &[
                    "start", "start date", "subscription start", "subscription start date",
                    "subscription started at", "started at", "started on", "start day", "startdate",
                ],
            ),
            (
                90,
                &[
                    "activated at", "activated", "activation date", "contract start", "signup date",
                    "sign up date", "signed up", "signup", "subscribed at", "subscription date",
                    "from", "valid from", "begin", "begin date", "customer since", "member since",
                    "join date", "joined", "joined at", "date joined", "service start",
                    "contract start date", "subscribed on", "startdatum", "beginn", "vertragsbeginn",
                    "date de début", "date début", "début", "fecha de inicio", "inicio",
                    "data inizio", "begindatum", "date de debut", "opened", "first purchase",
                ],
            ),
            (70, &["created at", "created", "created date", "creation date", "create date", "first seen time"]),
            (50, &["current period start", "current term start", "current period started at"]),
        ],
        Role::End => &[
            (
                100,
                &[
                    "end", "end date", "ended at", "ended", "ended on", "subscription end",
                    "subscription end date", "expires at", "churn date", "churned at", "churned on",
                    "enddate", "subscription canceled at", "subscription cancelled at",
                    "termination date", "terminated at", "date churned",
                ],
            ),
            (
                90,
                &[
                    "canceled at", "cancelled at", "canceled", "cancelled", "cancel date",
                    "cancelled on", "canceled on", "cancellation date", "canceled date",
                    "cancelled date", "to", "until", "valid to", "valid until", "expiry date",
                    "expiration date", "expired at", "contract end", "contract end date", "left",
                    "left at", "date left", "closed at", "service end", "enddatum", "ende",
                    "vertragsende", "gekündigt am", "kündigungsdatum", "date de fin", "fin",
                    "date fin", "fecha de fin", "fecha de baja", "data fine", "einddatum",
                    "unsubscribed at", "deactivated at",
                ],
            ),
        ],
        Role::Amount => &[
            (
                100,
                &[
                    "mrr", "amount", "mrr amount", "monthly recurring revenue", "monthly revenue",
                    "monthly amount", "monthly price", "monthly charges", "monthly fee", "revenue",
                    "total", "plan amount", "unit amount", "monthlycharges",
                ],
            ),
            (
                92,
                &[
                    "arr", "acv", "annual recurring revenue", "annual revenue", "price", "value",
                    "total price", "order total", "grand total", "total amount", "amount paid",
                    "payment amount", "dollar value", "net revenue", "n revenue", "net sales",
                    "n revenue formatted", "sales", "fee", "charge", "contract value", "subtotal",
                    "amount usd", "amount eur", "arr amount", "annual price", "yearly price",
                    "betrag", "umsatz", "preis", "monatsumsatz", "montant", "prix", "importe",
                    "precio", "importo", "prezzo", "bedrag", "valor", "total spend", "mrr usd",
                    "mrr eur", "monthly spend", "recurring revenue", "order value", "order amount",
                    "paid", "gross", "net", "net amount", "gross amount", "line total",
                    "chiffre d affaires", "ingresos", "monthly value", "spend", "deal value",
                ],
            ),
            (70, &["amount due", "converted amount", "total charges", "totalcharges", "cost"]),
        ],
        Role::Interval => &[
            (
                100,
                &[
                    "interval", "billing interval", "plan interval", "billing period",
                    "billing cycle", "interval unit", "billing frequency", "period unit",
                    "billing period unit", "billing term", "payment interval", "cycle",
                    "frequency", "abrechnungszeitraum", "turnus", "term",
                ],
            ),
        ],
        Role::IntervalCount => &[
            (100, &["interval count", "plan interval count", "billing interval count", "interval length", "billing period count"]),
        ],
        Role::Quantity => &[
            (
                100,
                &[
                    "quantity", "qty", "seats", "subscription quantity", "licenses", "licences",
                    "units", "lineitem quantity", "number of cds", "items sold", "pieces", "menge",
                    "anzahl", "quantité", "cantidad", "licensed users",
                ],
            ),
        ],
        Role::Currency => &[
            (100, &["currency", "currency code", "plan currency", "amount currency", "währung", "waehrung", "devise", "moneda", "valuta"]),
            (80, &["billing currency"]),
            (60, &["converted currency"]),
        ],
        Role::Status => &[
            (
                100,
                &[
                    "status", "subscription status", "state", "financial status", "payment status",
                    "order status", "deal stage", "stage", "statut", "estado", "stato",
                ],
            ),
        ],
        Role::Trial => &[
            (100, &["trial end", "trial ends at", "trial end date", "is trial", "trial", "in trial", "trial flag", "trialing", "trial until"]),
        ],
        Role::Plan => &[
            (100, &["plan", "plan name", "plan id", "plan code", "product", "product name", "plan tier", "tier", "package", "subscription plan", "tarif", "offre", "price id", "plan uuid", "sku"]),
        ],
        Role::Segment => &[
            (100, &["segment", "customer segment", "region", "country", "industry", "market", "customer type", "company size", "account segment", "contract", "contract type", "land", "branche", "kundensegment", "pays", "país"]),
            (60, &["billing country", "customer country", "vendor", "source", "channel", "group"]),
        ],
        Role::Reason => &[
            (
                100,
                &[
                    "reason", "churn reason", "cancellation reason", "cancel reason",
                    "cancel reason code", "reason code", "cancelation reason", "reason for leaving",
                    "kündigungsgrund", "grund", "motif", "motivo",
                ],
            ),
        ],
        Role::Renewal => &[
            (100, &["renewal", "renewal date", "renews at", "next renewal", "next billing at", "renewal on", "contract renewal date", "next renewal date"]),
            (80, &["current period end", "current term end", "current period ends at"]),
        ],
        Role::Month => &[
            (100, &["month", "mrr month", "snapshot month", "year month", "yearmonth", "monat", "mois", "mes", "mese", "maand"]),
            (90, &["period", "snapshot", "snapshot date", "month start", "month end", "billing month", "date month", "as of month"]),
            (60, &["date", "as of", "as of date"]),
        ],
        Role::Date => &[
            (
                100,
                &[
                    "date", "order date", "transaction date", "payment date", "invoice date",
                    "purchase date", "created at", "created date", "ordered at", "purchased at",
                    "paid at", "timestamp", "billed at", "invoicedate", "orderdate", "day",
                ],
            ),
            (
                90,
                &[
                    "created", "processed at", "completed at", "date created", "close date",
                    "datetime", "date time", "time", "event date", "charge date", "booking date",
                    "finalized at", "datum", "bestelldatum", "rechnungsdatum", "kaufdatum",
                    "date de commande", "fecha", "fecha de pedido", "data", "data ordine", "orderdatum",
                ],
            ),
            (60, &["updated at"]),
        ],
        Role::UnitPrice => &[
            (100, &["unit price", "unitprice", "price per unit", "item price", "lineitem price", "stückpreis", "einzelpreis", "prix unitaire"]),
            (60, &["price"]),
        ],
        Role::Order => &[
            (
                100,
                &[
                    "order id", "order", "order number", "invoice", "invoice id", "invoice number",
                    "order no", "invoice no", "invoiceno", "orderid", "transaction id",
                    "payment id", "receipt", "receipt number", "bestellnummer", "bestellung",
                    "rechnungsnummer", "commande", "pedido", "opportunity id", "record id",
                ],
            ),
            (60, &["id", "number", "name"]),
        ],
        Role::Refund => &[(100, &["refunded amount", "amount refunded", "refund", "refund amount", "refunds", "refunded"])],
        Role::Period => &[
            (100, &["period", "month", "quarter", "year", "date", "week", "monat", "quartal", "jahr", "mois", "trimestre", "mes", "zeitraum", "période", "periode", "fiscal period"]),
        ],
        Role::StartCustomers => &[
            (
                100,
                &[
                    "start customers", "customers start", "starting customers", "customers at start",
                    "opening customers", "customers at the start", "beginning customers",
                    "customers beginning", "customers start of period", "customers at start of period",
                    "initial customers", "customers opening", "start", "s", "kunden anfang",
                    "anfangskunden", "starting accounts", "active customers start", "start count",
                ],
            ),
        ],
        Role::NewCustomers => &[
            (100, &["new customers", "customers new", "new", "customers acquired", "acquired", "acquired customers", "new accounts", "n", "neue kunden", "neukunden", "nouveaux clients", "added", "customers added", "signups", "new logos"]),
        ],
        Role::EndCustomers => &[
            (
                100,
                &[
                    "end customers", "customers end", "ending customers", "customers at end",
                    "closing customers", "customers at the end", "customers end of period",
                    "customers at end of period", "final customers", "customers closing", "end", "e",
                    "kunden ende", "endkunden", "ending accounts", "active customers end", "end count",
                ],
            ),
            (60, &["customers", "active customers", "total customers", "kunden"]),
        ],
        Role::LostCustomers => &[
            (100, &["lost customers", "customers lost", "churned customers", "customers churned", "lost", "churned", "churn", "cancellations", "cancelled customers", "canceled customers", "lost accounts", "verlorene kunden", "clients perdus", "lost logos", "churned logos"]),
        ],
        Role::StartRevenue => &[
            (100, &["start revenue", "starting revenue", "starting mrr", "mrr start", "start mrr", "opening mrr", "beginning mrr", "starting arr", "start arr", "arr start", "opening arr", "beginning arr", "revenue start", "opening revenue", "revenue at start", "beginning revenue"]),
        ],
        Role::NewRevenue => &[
            (100, &["new revenue", "new mrr", "new arr", "revenue new", "mrr new", "new business", "new business mrr", "new bookings"]),
        ],
        Role::Expansion => &[
            (100, &["expansion", "expansion mrr", "expansion arr", "expansion revenue", "upsell", "upgrades", "upgrade mrr", "upsell revenue", "mrr expansion", "erweiterung"]),
        ],
        Role::Contraction => &[
            (100, &["contraction", "contraction mrr", "contraction arr", "contraction revenue", "downgrades", "downgrade mrr", "downsell", "mrr contraction", "downgrade"]),
        ],
        Role::ChurnedRevenue => &[
            (100, &["churned revenue", "churned mrr", "churned arr", "churn mrr", "churn arr", "revenue churn", "lost revenue", "lost mrr", "lost arr", "revenue churned", "mrr churn", "churn revenue", "mrr lost", "cancelled mrr"]),
        ],
        Role::EndRevenue => &[
            (100, &["end revenue", "ending revenue", "ending mrr", "mrr end", "end mrr", "closing mrr", "ending arr", "end arr", "arr end", "closing arr", "revenue end", "closing revenue", "revenue at end"]),
        ],
        Role::Tenure => &[
            (100, &["tenure", "tenure months", "tenure in months", "lifetime", "lifetime months", "months active", "account age", "duration", "durations", "survival time", "customer lifetime", "months as customer", "account length", "vertragsdauer"]),
            (90, &["time", "week", "weeks", "months", "days", "days active", "age", "years", "time to event", "follow up"]),
            (70, &["t"]),
        ],
        Role::Churned => &[
            (100, &["churned", "churn", "exited", "attrition", "is churned", "churn flag", "has churned", "churn label", "attrited", "left company", "gekündigt", "churn value"]),
            (90, &["event", "events", "event observed", "arrest", "dead", "death", "observed", "cancelled", "canceled", "lost", "left"]),
            (80, &["status"]),
            (70, &["e"]),
        ],
    }
}
