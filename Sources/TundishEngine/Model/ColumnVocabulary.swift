/// Words of names in English, Dutch, German, French, Spanish, Italian, Portuguese, Romanian, Polish,
/// Czech, Hungarian, Turkish, Swedish, Danish and Norwegian, and what they mean.
///
/// A meaning is one English word. Words that change a meaning (`weighted`, `previous`) are not here,
/// so that a name with such a word is not taken for another.
enum ColumnVocabulary {
  /// The meaning of a word, as it is or without the ending of a plural or a case.
  static func meaning(of word: String) -> String? {
    if let known = words[word] { return known }
    for ending in ["s", "es", "e", "en", "er", "n", "ul", "ului", "ler", "lar", "ok", "ek", "et"]
    where word.hasSuffix(ending) {
      let stem = String(word.dropLast(ending.utf8.count))
      if stem.utf8.count >= 4, let known = words[stem] { return known }
    }
    return nil
  }

  /// Words that add nothing.
  static let fillers: Set<String> = [
    "", "the", "of", "for", "a", "de", "du", "del", "des", "der", "van", "het", "el", "los", "al",
    "properties", "property", "hs", "c", "utc", "associated", "primary", "our", "in", "crt", "da",
    "di", "do", "della", "la", "en", "and", "und", "et", "och", "og", "si", "y", "e", "i",
    "til", "av", "pga", "reporting", "eur", "usd", "gbp", "ron", "chf", "brl", "euro", "l", "d",
    "cd", "record", "enregistrement", "datensatz", "inregistrarii", "crm",
  ]

  /// Letters that Dutch and German put between the words of a compound.
  static let joints: Set<String> = ["s", "n", "e", "en", "es"]

  /// The most letters of a word.
  static let longest = words.keys.map(\.utf8.count).max() ?? 1

  /// Each word and its meaning.
  static let words: [String: String] = {
    var result: [String: String] = [:]
    for (meaning, texts) in groups {
      for text in texts.split(separator: " ") { result[String(text)] = meaning }
    }
    return result
  }()

  private static let groups: [(String, String)] = [
    // Moments
    (
      "create",
      "aanvraag aangevraagd anfrage demande solicitud richiesta cerere requested request "
        + "create created creation creating added add registered inserted submitted aangemaakt aanmaak "
        + "eingang eingangs eingegangen received toegevoegd ingevoerd ontvangen criacao criado criada creazione creato inserito erhalten recu recibido primit  erstellt erstellung angelegt anlage cree creee creado creada "
        + "creacion creat creata creare crearii adaugat alta ajout ajoute inregistrare"
        + " cre skapad skapat oprettet oprettelse oprettelses opprettet opprettelses"
        + " binnenkomst binnengekomen intrare intrarii intrari pozyskania pozyskano inquiry enquiry"
        + " inkommen signup signedup"
        + " registreret utworzenia utworzono utworzona dodano vytvoreno vytvoreni zalozeno"
        + " zalozeni letrehozva letrehozas rogzitve olusturma olusturuldu"
        + " olusturulma acilis applied bewerbung sollicitatie candidature inscription luotu luontipaiva avattu"
    ),
    (
      "open",
      "open opened opening geopend eroffnet eroffnung ouverture ouvert apertura deschidere deschiderii"
        + " oppnad abnet apnet otwarcia otwarto otevreno otevreni megnyitva"
    ),
    (
      "date",
      "date datum data fecha time timestamp datetime at on op am day dag tag jour dia zi ziua moment "
        + "um termin heure hora uhrzeit tijd tijdstip ora zeitpunkt"
        + " dt dte tarih tarihi paiva paivamaara pvm dato daty datumu kelte"
    ),
    (
      "close",
      "close closed closing closure completed completion decided decision gesloten sluit sluitings "
        + "afgesloten abschluss schluss geschlossen abgeschlossen cloture cloturee ferme cierre cerrado "
        + "cerrada chiusura chiuso chiusa fechamento fechado fechada inchidere inchiderii inchis inchisa"
        + " besluit entscheidung decizie deciziei decyzja decyzji beslut avgjord afgjort decisao decision afgehandeld"
        + " cls stangd stangning stangt avslutad avslut lukket lukke lukning afsluttet"
        + " avsluttet zamkniecia zamknieto zamknieta zakonczenia uzavreno uzavreni"
        + " ukonceno lezarva lezaras lezart kapanis kapandi kapatma escritura suljettu paattynyt sulkemispaiva"
    ),
    (
      "expect",
      "expected expect est estimated estimate forecast forecasted planned projected anticipated "
        + "deadline verwacht verwachte geschatte gepland geplande erwartet erwartete erwarteter "
        + "erwartetes geplant geplanter geplantes geplante voraussichtlich voraussichtliches "
        + "prevu prevue prevision estime estimee prevista previsto estimada estimado estimata "
        + "estimat estimativa planificata previsao previsto stimata stimato"
        + " exp forvantat forvantad beraknad arvioitu odotettu forventet oczekiwana planowana przewidywana"
        + " predpokladane ocekavane planovane varhato beklenen tahmini"
    ),
    ("actual", "actual real effective werkelijk werkelijke tatsachlich reel reelle efectiva"),
    ("start", "start started starts begin began begindatum beginn debut inicio inceput"),
    ("end", "end ended ends einde ende fin final sfarsit"),
    ("list", "list listed listing listings"),
    ("tax", "btw vat mwst tva iva moms"),
    ("cancel", "canceled cancelled cancel cancellation churn churned opgezegd gekundigt"),
    (
      "first",
      "first eerste 1er 1st 1e 1ste erste erster premier premiere primera primer prima primul"
    ),
    ("last", "last laatste letzte dernier derniere ultima ultimo ultimul"),
    ("enter", "entered enter entry entering"),
    ("leave", "left exited exit leave"),
    (
      "change",
      "changed change modified moved transition gewijzigd geandert modifie cambio edit edited"
    ),
    (
      "convert",
      "converted conversion convert geconverteerd konvertiert konvertierung konvertierungs converti "
        + "convertie convertido convertit conversie conversiei"
    ),
    ("respond", "responded response respond reactie antwort reponse respuesta raspuns"),
    ("accept", "accepted acceptance accept"),
    (
      "month",
      "month maand monat mois mes luna mese mês"
        + " manad maned miesiac mesic honap ay aylik"
    ),
    (
      "quarter",
      "quarter kwartaal quartal trimestre trimestru"
        + " kvartal kwartal ctvrtleti negyedev ceyrek qtr"
    ),
    (
      "week",
      "week woche semaine semana saptamana"
        + " vecka uge uke tydzien tyden hafta"
    ),
    ("period", "period periode periodo perioada"),
    // Money
    (
      "amount",
      "amount value revenue size worth bedrag waarde wert betrag umsatz volumen montant valeur "
        + "importe importo valore valor valoare suma summe sum acv tcv arr fee fees honorar honorarium omzet auftragswert"
        + " amt val revn summa arvo premium premie pramie belopp varde belob beloeb belop vaerdi vardi verdi kwota wartosc castka"
        + " hodnota osszeg ertek tutar tutari deger"
    ),
    (
      "quote",
      "quote quoted quotation offerte proposta propostas propuesta propuestas tarjous tarjoukset offert oferte ofertei oferty tilbud teklif nabidka ajanlat  angebot angebots devis oferta preventivo preventivi prijsopgave prijsopgaven presupuestos orcamento proposal"
    ),
    (
      "sent",
      "sent verzonden verstuurd gesendet versendet verschickt envoye envoyee enviado enviada inviato "
        + "inviata trimis trimisa skickad skickat sendt wyslano wyslana lahetetty"
    ),
    ("net", "net netto ht nett excl exkl exclusief hors"),
    ("minor", "cents cent micros centimes bani"),
    ("total", "total totaal gesamt totale totala"),
    ("currency", "currency valuta wahrung devise moneda moeda waluta valuutta penznem"),
    (
      "cost",
      "investimenti cost costs spend spent spends kosten uitgaven ausgaben depense depenses cout couts gasto "
        + "spesa spese gastos despesa despesas custo custos coste costo cheltuieli cheltuiala costuri"
        + " kostnad kostnader omkostning omkostninger udgift udgifter utgift utgifter"
        + " koszt koszty wydatki naklady naklad vydaje koltseg koltsegek maliyet harcama"
        + " gider investimento investimentos inversion investering"
    ),
    ("budget", "budget presupuesto"),
    (
      "quota",
      "quota quotas target targets goal doel doelstelling doelstellingen ziel soll vorgabe objectif "
        + "objectifs objetivo objetivos tinta tinte cuota"
        + " maltal cel cele cil cile hedef kota celkvote budsjettmal"
    ),
    ("price", "price prijs preis hinta prix precio pret"),
    // People and firms
    (
      "owner",
      "owner rep agent seller salesperson salesrep representative eigenaar verkoper besitzer "
        + "inhaber verkaufer verkaeufer zustandig zustaendig zustandiger bearbeiter betreuer "
        + "commercial comercial asesor executive proprietaire vendeur responsable propietario vendedor proprietar vanzator "
        + "responsavel responsabil mitarbeiter behandelaar producer recruiter counselor counsellor "
        + "slsman salesman consultant adviseur advisor berater "
        + "venditore commerciale responsabile assignee assigned owned accountmanager"
        + " sls saljare ansvarig saelger salger ansvarlig selger handlowiec opiekun"
        + " sprzedawca wlasciciel obchodnik myyja vastuuhenkilo omistaja vlastnik ertekesito felelos temsilcisi"
        + " temsilci sorumlu sahibi"
    ),
    (
      "sales",
      "sales sale vente ventes vanzarii venta vendita vendite venda vendas vanzare vanzari verkauf verkaufs vertrieb vertriebs ventes ventas verkoop person"
        + " satis prodej sprzedaz sprzedazy ertekesitesi salg forsaljning"
    ),
    (
      "account",
      "account company organization organisation klant bedrijf firma kunde unternehmen client "
        + "azienda societa societe entreprise empresa cliente firm customer"
        + " cust acct acc kund asiakas yritys foretag virksomhed bedrift klient kontrahent zakaznik spolecnost relatie"
        + " ugyfel ceg musteri sirket"
    ),
    ("contact", "contact kontakt contacto ansprechpartner contatto contato"),
    (
      "booking",
      "booking bookings order orders boeking buchung auftrag auftrags bestelling bestellung commande "
        + "comanda comenzii pedido opdracht"
    ),
    (
      "name",
      "name naam nom nombre nume"
        + " nm namn navn nazwa nazev nev adi isim"
    ),
    (
      "id",
      "id identifier identifiant nro ref reference referenz referencia referentie sk identificador number no nr num key guid uuid nummer numero numar code"
        + " nbr numer cislo szam azonosito identyfikator"
    ),
    (
      "product",
      "product produkt produit producto produs"
        + " vara produkty produktu termek urun"
    ),
    // Things
    (
      "lead",
      "lead prospect interessent prospecto potential"
        + " zajemce erdeklodo aday"
    ),
    (
      "deal",
      "deal placement placements opportunity opportunities opp kans kansen chance verkaufschance opportunite "
        + "opportunita affaire affaires negocio negocios trattativa oportunidad oportunidades oportunitate oportunitati"
        + " oppty oppties opty kauppa kaupat myyntimahdollisuus affar affarer szansa szanse obchod obchody prilezitost"
        + " prilezitosti uzlet uzletek lehetoseg firsat firsatlar"
    ),
    (
      "stage",
      "stage phase fase stadium etape etapa stadiu pipelinestage"
        + " stg steg fas trin etap vaihe faza faze szakasz fazis asama"
    ),
    (
      "status",
      "status state stare estado situacao situacion situazione etat statut"
        + " stat stav allapot tila statusz durum"
    ),
    (
      "result",
      "outcome result resultaat ergebnis resultat resultado rezultat esito sonuc wynik vysledek eredmeny udfald"
    ),
    (
      "source",
      "source channel procedencia bron herkomst kanaal quelle herkunft kanal origine canal origen fuente sursa "
        + "canalul origin origem fonte provenienza canale"
        + " src kalla kilde kanaly lahde kanava zrodlo zdroj forras csatorna kaynak kaynagi"
    ),
    (
      "campaign",
      "campaign campagna campanha campagne kampagne campana campanie"
        + " kampan kampania kampanja kampany kampanya"
    ),
    (
      "original",
      "original traffic verkeer verkehr trafic trafico traffico oorspronkelijke ursprungliche latest marketing acquisition utm analytics acquired"
    ),
    ("type", "type soort art typ tipo tip kind category"),
    // Outcomes
    (
      "won",
      "won wins win akkoord gewonnen gagne gagnee ganado ganada castigat castigata vinto vinta vinti ganho ganha"
        + " sold verkocht verkauft vendu vendue vendida vendido venduta venduto vandut vanduta sald"
        + " bound bind placed vunnen vunnet vundet vunnit beauftragt signed signe signee signature unterschrieben unterzeichnet getekend"
        + " ondertekend firmado firmada firmato firmata assinado assinada semnat semnata podpisano undertecknad wygrana wygrane wygrano wygrany vyhrano vyhrana"
        + " vyhrany nyert megnyert kazanildi kazanilan kazanilmis voitettu voitto"
    ),
    (
      "lost",
      "lost loss losing verloren verlies verlust perdu perte perdido perdida pierdut pierduta "
        + "pierdere pierderii perso persa perdita perda"
        + " reject rejected rejection decline declined withdrawn afgewezen afwijzing afgevallen"
        + " abgelehnt ablehnung absage abgesagt refuse refusee rechazada rechazado recusada recusado"
        + " respins respinsa rifiutata rifiutato odrzucona avslag avbojd avbojt recusa tap afvist forlorad forlorat tabt tapt tapet przegrana przegrane przegrano utracona przegranej przegrania elvesztett havitty havio havion"
        + " utraty utrata prohrano prohrana ztraceno ztrata elveszett vesztett kaybedildi"
        + " kaybedilen kaybedilmis kayip"
    ),
    (
      "reason",
      "reason reden grund motif raison motivo razon motiv"
        + " rsn orsak anledning arsag arsak powod duvod oka nedeni sebep motivazione motivacion neden syy"
    ),
    ("is", "is has"),
    // Stages of leads
    ("mql", "mql mqls marketingqualified marketingqualifiedlead"),
    ("sql", "sql sqls salesqualified salesqualifiedlead"),
    ("sal", "sal"),
    (
      "qualified",
      "qualified gekwalificeerd qualifiziert qualifie cualificado calificat calificare calificarii "
        + "qualifizierung kwalificatie qualification"
    ),
    ("became", "became becoming"),
    // Visits and advertisements
    ("session", "session sessions visit visits sessie bezoek besuch visite visita vizita"),
    ("visitor", "visitor visitors bezoeker besucher visiteur visitante vizitator"),
    ("user", "user"),
    ("new", "new nieuw nieuwe neue neuer nouveau nouveaux nuevo nuevos noi nou"),
    ("annual", "annual yearly"),
    ("current", "current actuel aktuell aktuelle huidige"),
  ]
}
