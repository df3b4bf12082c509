//! Words that people and billing systems use for why a customer left, and what each one means.
//!
//! It reads no intent into a text: what matches no phrase has no cause and is of unknown kind.

use super::{Cause, ReasonKind};

/// Phrases of one cause. A word that ends in `*` stands for all words that begin with it.
struct Phrases {
    kind: ReasonKind,
    cause: Cause,
    /// Parted by `|`; each is looked for as words in a row.
    text: &'static str,
}

const fn voluntary(cause: Cause, text: &'static str) -> Phrases {
    Phrases { kind: ReasonKind::Voluntary, cause, text }
}

const fn involuntary(cause: Cause, text: &'static str) -> Phrases {
    Phrases { kind: ReasonKind::Involuntary, cause, text }
}

/// In order: the first that matches counts, so what is said in more words comes first.
const PHRASES: &[Phrases] = &[
    // What no one is meant to read a cause into.
    Phrases {
        kind: ReasonKind::Unknown,
        cause: Cause::Other,
        text: "don t know|not known|unbekannt|inconnu|desconocid*|no reason|kein grund|system error|\
               price plan change|upgraded|upgrade downgrade|billing system switch|trial ended|\
               trial expired",
    },
    // The customer's business or life.
    involuntary(
        Cause::Acquisition,
        "acquisition|acquired|acquire|merger|merged|bought by|taken over|takeover|übernahme|\
         übernommen|aufgekauft|fusion*|acquis|rachat|racheté*|rachete|adquirid*|adquisición|\
         adquisicion",
    ),
    involuntary(
        Cause::Closure,
        "went out of business|out of business|business closed|business closure|company closed|\
         company closure|closed business|closed the business|closing business|closing down|\
         shut down|shutdown|shutting down|ceased trading|ceased operations|wound up|bankrupt*|\
         insolven*|liquidation|liquidated|company dissolved|no longer in business|no longer exists|\
         no longer operating|closure|store closed|shop closed|geschäftsaufgabe|geschaeftsaufgabe|\
         betriebsaufgabe|firma geschlossen|unternehmen geschlossen|betrieb geschlossen|\
         geschäftsschließung|geschlossen|konkurs*|aufgelöst|faillite|cessation d activité|\
         cessation d activite|entreprise fermée|entreprise fermee|fermeture*|liquidación|\
         quiebra|cierre*|empresa cerrada|cese de actividad|negocio cerrado",
    ),
    involuntary(
        Cause::Circumstances,
        "deceased|death|died|passed away|verstorben|todesfall|tod|décès|deces|décédé*|fallecid*|\
         fallecimiento",
    ),
    // The vendor, or the law.
    involuntary(
        Cause::Vendor,
        "fraud*|betrug*|fraude|non compliant*|terms violation|violation|abuse|abusive|spam|\
         banned|developer initiated|cancelled by us|canceled by us|terminated by us|\
         discontinued|product not available|product was not available|product inactive|\
         product deleted|tax calculation failed|tax location invalid|\
         currency incompatible*|system cancel|replaced by new subscription",
    ),
    // Payment.
    involuntary(
        Cause::Payment,
        "payment failed|payment failure|payment fail*|failed payment*|payment error|\
         payment declined|payment method|payment issue*|payment problem*|payment dispute*|\
         payment not received|no payment|missing payment|late payment|payment overdue|\
         billing error|billing issue*|billing problem*|billing failure|failed billing|\
         card declined|card expired|expired card|declined card|credit card|card error|\
         card failed|card failure|no card|declined|insufficient funds|not paid|nonpayment*|\
         non payment|nonpay*|unpaid|past due|overdue|dunning|delinquen*|user delinquency|\
         charge failed|failed charge|charge failure|chargeback*|charge back|dispute*|debit failed|\
         direct debit|bank account closed|involuntary|collections|\
         zahlung fehlgeschlagen|fehlgeschlagene zahlung|zahlungsausfall|zahlungsfehler|\
         zahlungsverzug|zahlungsproblem*|zahlungsrückstand|nicht bezahlt|nichtzahlung|\
         keine zahlung|rücklastschrift|lastschrift*|karte abgelaufen|karte abgelehnt|mahn*|\
         paiement échoué|paiement echoue|échec de paiement|échec du paiement|echec de paiement|\
         echec du paiement|paiement refusé|paiement refuse|impayé*|impaye*|défaut de paiement|\
         non paiement|carte expirée|carte expiree|carte refusée|pago fallido|fallo de pago|\
         fallo en el pago|error de pago|pago rechazado|impago*|falta de pago|no pagado|\
         tarjeta caducada|tarjeta rechazada|tarjeta vencida",
    ),
    // Competition before price: a cheaper competitor is one.
    voluntary(
        Cause::Competition,
        "competit*|switched service|switched to|switching to|switched provider*|switched vendor*|\
         switched|moved to another|moving to another|went with another|found an alternative|\
         found alternative|better alternative|another provider|another vendor|another tool|\
         another solution|other provider|different provider|different tool|alternative*|rival|\
         konkurrenz*|mitbewerb*|wettbewerb*|anbieterwechsel|anderer anbieter|anderen anbieter|\
         zu anderem anbieter|gewechselt|concurren*|autre fournisseur|autre solution|\
         autre prestataire|competencia|competidor*|otro proveedor|otra solución|otra solucion|\
         otra herramienta",
    ),
    voluntary(
        Cause::Price,
        "price|prices|pricing|pricey|price increase|expensive|cost|costs|costly|budget*|\
         afford*|cheaper|money|charges|financial|finances|fees|preis*|teuer|zu teuer|kosten*|\
         kostengründe|finanziell*|prix|cher|chère|chere|coût*|cout|couts|trop cher|tarif*|\
         économ*|precio*|caro|cara|costo*|coste*|presupuesto|costoso",
    ),
    // Service before product: the attitude of support is not the product.
    voluntary(
        Cause::Service,
        "customer service|support|service quality|poor service|bad service|attitude|\
         service dissatisfaction|onboarding|kundenservice|kundendienst|betreuung|\
         service client|servicio al cliente|atención al cliente|mal servicio|soporte",
    ),
    voluntary(
        Cause::Product,
        "missing feature*|missing functionality|lack of feature*|lacks feature*|lacking|lack of|\
         feature gap*|product gap*|features|feature|functionality|low quality|quality|bug|bugs|\
         buggy|unstable|unreliable|reliability|performance|slow|downtime|outage*|complex|\
         complicated|difficult|hard to use|ease of use|usability|confusing|integration*|\
         product dissatisfaction|product|technical issue*|technical problem*|did not work|\
         doesn t work|not working|not satisfied|dissatisf*|unhappy|limited range|missing|\
         fehlende*|funktion*|qualität|qualitaet|fehler*|kompliziert|umständlich|langsam|\
         unzufrieden*|technische probleme|produkt*|fonctionnalité*|fonctionnalite*|fonction|\
         qualité|qualite|bogue*|compliqué|complexe|lent|insatisf*|produit|funcionalidad*|\
         función*|funcion*|calidad|errores|complicado|lento|insatisfech*|producto",
    ),
    voluntary(
        Cause::Usage,
        "unused|not used|not using|not use|never used|didn t use|didnt use|did not use|don t use|\
         dont use|no longer use*|no longer using|low usage|low use|usage|lack of use|no use|\
         no longer need*|not needed|don t need|dont need|no need|need*|project ended|\
         project finished|project completed|seasonal|temporary|no time|not enough time|\
         no value|no roi|ungenutzt|nicht genutzt|nicht benutzt|kaum genutzt|nicht mehr benötigt|\
         nicht mehr gebraucht|kein bedarf|bedarf|projekt beendet|projektende|keine zeit|\
         nutzung|plus besoin|pas besoin|besoin|inutilisé*|inutilise*|non utilisé*|peu utilisé*|\
         plus utilisé*|fin de projet|pas utilisé*|manque de temps|no utilizad*|sin uso|no lo uso|\
         no se usa|poco uso|ya no necesit*|no necesit*|no lo necesito|fin de proyecto|\
         fin del proyecto|falta de tiempo",
    ),
    Phrases {
        kind: ReasonKind::Unknown,
        cause: Cause::Circumstances,
        text: "moved|moving|relocat*|umzug|umgezogen|déménag*|demenag*|mudanza|left the company|\
               champion left|change of contact|reorgani*|restructur*",
    },
    // Asked for, and no cause named.
    voluntary(
        Cause::Request,
        "cancellation requested|cancelation requested|requested cancellation|requested by customer|\
         customer request*|cancelled by customer|canceled by customer|customer cancelled|\
         customer canceled|subscriber cancelled|subscriber canceled|customer did not consent*|\
         user cancel*|cancelled by user|canceled by user|user initiated|customer initiated|\
         voluntary|voluntarily cancelled|voluntarily canceled|unsubscribe*|opt out|not renewed|\
         did not renew|non renewal|non renewed|remorse|account closed|closed account|\
         cancellation|cancelled|canceled|cancel|churned by customer|customer support|refund*|\
         subscriber refunded|auf wunsch|kundenwunsch|vom kunden gekündigt|gekündigt|kündigung|\
         nicht verlängert|demande du client|à la demande|résili*|resili*|non renouvel*|\
         solicitud del cliente|cancelad* por el cliente|no renovad*|cancelación|baja voluntaria",
    ),
];

/// What a reason means: whether the customer chose to leave, and for what cause.
#[inline(never)]
pub(super) fn meaning(reason: &str) -> (ReasonKind, Cause) {
    let plain = plain(reason);
    let words: Vec<&str> = plain.split_whitespace().collect();
    PHRASES
        .iter()
        .find(|phrases| phrases.text.split('|').any(|phrase| is_in(phrase, &words)))
        .map_or((ReasonKind::Unknown, Cause::Other), |phrases| (phrases.kind, phrases.cause))
}

/// Whether the words of a phrase stand in a row among these.
fn is_in(phrase: &str, words: &[&str]) -> bool {
    let n_words = phrase.split_whitespace().count();
    0 < n_words
        && words.windows(n_words).any(|window| {
            phrase.split_whitespace().zip(window).all(|(wanted, word)| {
                wanted.strip_suffix('*').map_or(*word == wanted, |stem| word.starts_with(stem))
            })
        })
}

/// Lower case, with spaces for all that is neither a letter nor a digit, and between the words of
/// `camelCase`.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut was_lower = false;
    for character in text.chars() {
        if !character.is_alphanumeric() {
            out.push(' ');
            was_lower = false;
            continue;
        }
        if was_lower && character.is_uppercase() {
            out.push(' ');
        }
        was_lower = character.is_lowercase();
        out.extend(character.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::meaning;
    use crate::analysis::reasons::{Cause, ReasonKind};

    const VOLUNTARY: ReasonKind = ReasonKind::Voluntary;
    const INVOLUNTARY: ReasonKind = ReasonKind::Involuntary;
    const UNKNOWN: ReasonKind = ReasonKind::Unknown;

    fn check(cases: &[(&str, ReasonKind, Cause)]) {
        for &(text, kind, cause) in cases {
            assert_eq!(meaning(text), (kind, cause), "{text}");
        }
    }

    #[test]
    fn codes_of_billing_systems() {
        check(&[
            // Stripe, `cancellation_details.reason` and `.feedback`.
            ("cancellation_requested", VOLUNTARY, Cause::Request),
            ("payment_disputed", INVOLUNTARY, Cause::Payment),
            ("payment_failed", INVOLUNTARY, Cause::Payment),
            ("customer_service", VOLUNTARY, Cause::Service),
            ("low_quality", VOLUNTARY, Cause::Product),
            ("missing_features", VOLUNTARY, Cause::Product),
            ("other", UNKNOWN, Cause::Other),
            ("switched_service", VOLUNTARY, Cause::Competition),
            ("too_complex", VOLUNTARY, Cause::Product),
            ("too_expensive", VOLUNTARY, Cause::Price),
            ("unused", VOLUNTARY, Cause::Usage),
            // Chargebee, `cancel_reason`.
            ("not_paid", INVOLUNTARY, Cause::Payment),
            ("no_card", INVOLUNTARY, Cause::Payment),
            ("fraud_review_failed", INVOLUNTARY, Cause::Vendor),
            ("non_compliant_eu_customer", INVOLUNTARY, Cause::Vendor),
            ("non_compliant_customer", INVOLUNTARY, Cause::Vendor),
            ("tax_calculation_failed", INVOLUNTARY, Cause::Vendor),
            ("currency_incompatible_with_gateway", INVOLUNTARY, Cause::Vendor),
            // Recurly, `expiration_reason`.
            ("nonpayment", INVOLUNTARY, Cause::Payment),
            ("nonpayment_gift", INVOLUNTARY, Cause::Payment),
            ("canceled", VOLUNTARY, Cause::Request),
            // RevenueCat, Apple and Google.
            ("UNSUBSCRIBE", VOLUNTARY, Cause::Request),
            ("BILLING_ERROR", INVOLUNTARY, Cause::Payment),
            ("DEVELOPER_INITIATED", INVOLUNTARY, Cause::Vendor),
            ("PRICE_INCREASE", VOLUNTARY, Cause::Price),
            ("CUSTOMER_CANCELLED", VOLUNTARY, Cause::Request),
            ("CUSTOMER_DID_NOT_CONSENT_TO_PRICE_INCREASE", VOLUNTARY, Cause::Price),
            ("PRODUCT_NOT_AVAILABLE", INVOLUNTARY, Cause::Vendor),
            ("CANCELLATION_REASON_PAST_DUE", INVOLUNTARY, Cause::Payment),
            ("CANCELLATION_REASON_USER_DELINQUENCY", INVOLUNTARY, Cause::Payment),
            ("UNKNOWN", UNKNOWN, Cause::Other),
        ]);
    }

    #[test]
    fn what_people_write() {
        check(&[
            ("Company closed", INVOLUNTARY, Cause::Closure),
            ("Went out of business", INVOLUNTARY, Cause::Closure),
            ("Acquired by Initech", INVOLUNTARY, Cause::Acquisition),
            ("Card expired", INVOLUNTARY, Cause::Payment),
            ("Insufficient funds", INVOLUNTARY, Cause::Payment),
            ("Switched to a competitor", VOLUNTARY, Cause::Competition),
            ("competitor made better offer", VOLUNTARY, Cause::Competition),
            ("Budget cuts", VOLUNTARY, Cause::Price),
            ("Pays too much, not worth the money", VOLUNTARY, Cause::Price),
            ("No longer needed", VOLUNTARY, Cause::Usage),
            ("didn't use", VOLUNTARY, Cause::Usage),
            ("Product gaps", VOLUNTARY, Cause::Product),
            ("Moved", UNKNOWN, Cause::Circumstances),
            ("Deceased", INVOLUNTARY, Cause::Circumstances),
            ("Don't know", UNKNOWN, Cause::Other),
            ("xyzzy", UNKNOWN, Cause::Other),
            ("", UNKNOWN, Cause::Other),
        ]);
    }

    #[test]
    fn other_languages() {
        check(&[
            ("Zahlung fehlgeschlagen", INVOLUNTARY, Cause::Payment),
            ("Rücklastschrift", INVOLUNTARY, Cause::Payment),
            ("Geschäftsaufgabe", INVOLUNTARY, Cause::Closure),
            ("Insolvenz", INVOLUNTARY, Cause::Closure),
            ("Firmenübernahme: Übernahme durch Konzern", INVOLUNTARY, Cause::Acquisition),
            ("zu teuer", VOLUNTARY, Cause::Price),
            ("Preiserhöhung", VOLUNTARY, Cause::Price),
            ("Konkurrenzprodukt", VOLUNTARY, Cause::Competition),
            ("fehlende Funktionen", VOLUNTARY, Cause::Product),
            ("kein Bedarf", VOLUNTARY, Cause::Usage),
            ("Échec de paiement", INVOLUNTARY, Cause::Payment),
            ("Faillite", INVOLUNTARY, Cause::Closure),
            ("Trop cher", VOLUNTARY, Cause::Price),
            ("Parti chez un concurrent", VOLUNTARY, Cause::Competition),
            ("Plus besoin", VOLUNTARY, Cause::Usage),
            ("Pago rechazado", INVOLUNTARY, Cause::Payment),
            ("Cierre de la empresa", INVOLUNTARY, Cause::Closure),
            ("Demasiado caro", VOLUNTARY, Cause::Price),
            ("Se fue a la competencia", VOLUNTARY, Cause::Competition),
            ("Ya no lo necesita: ya no necesita el servicio", VOLUNTARY, Cause::Usage),
        ]);
    }

    /// The reasons of IBM's sample of telecommunication customers, with the category it gives them:
    /// Attitude is service here, and Dissatisfaction product or service.
    #[test]
    fn reasons_of_a_public_sample() {
        check(&[
            ("Attitude of support person", VOLUNTARY, Cause::Service),
            ("Attitude of service provider", VOLUNTARY, Cause::Service),
            ("Competitor had better devices", VOLUNTARY, Cause::Competition),
            ("Competitor offered higher download speeds", VOLUNTARY, Cause::Competition),
            ("Competitor offered more data", VOLUNTARY, Cause::Competition),
            ("Network reliability", VOLUNTARY, Cause::Product),
            ("Product dissatisfaction", VOLUNTARY, Cause::Product),
            ("Service dissatisfaction", VOLUNTARY, Cause::Service),
            ("Limited range of services", VOLUNTARY, Cause::Product),
            ("Poor expertise of phone support", VOLUNTARY, Cause::Service),
            ("Price too high", VOLUNTARY, Cause::Price),
            ("Extra data charges", VOLUNTARY, Cause::Price),
            ("Long distance charges", VOLUNTARY, Cause::Price),
            ("Lack of affordable download/upload speed", VOLUNTARY, Cause::Price),
        ]);
    }
}
