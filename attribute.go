package rapport

import (
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// AttributeKind is the type of what is known of a customer.
type AttributeKind string

const (
	AttributeText     AttributeKind = "text"
	AttributeNumber   AttributeKind = "number"    // "12.5"
	AttributeDate     AttributeKind = "date"      // "2026-11-26"
	AttributeChoice   AttributeKind = "choice"    // one of Choices
	AttributeYesNo    AttributeKind = "yes_no"    // "yes" or "no"
	AttributeURL      AttributeKind = "url"       // http or https
	AttributePhone    AttributeKind = "phone"     // E.164
	AttributeEmail    AttributeKind = "email"     // lower case
	AttributeCountry  AttributeKind = "country"   // ISO 3166-1, "DE"
	AttributeLanguage AttributeKind = "language"  // BCP 47, "de" or "pt-BR"
	AttributeTimeZone AttributeKind = "time_zone" // IANA, "Europe/Berlin"
)

// AttributeKinds are those that an admin may choose from.
var AttributeKinds = []AttributeKind{AttributeText, AttributeNumber, AttributeDate, AttributeChoice, AttributeYesNo, AttributeURL, AttributePhone, AttributeEmail,
	AttributeCountry, AttributeLanguage, AttributeTimeZone}

const (
	mostAttributes = 40
	mostChoices    = 100
)

// Attribute describes one thing that is known of customers. Its values rest
// among the fields of a contact under its name; fields without an attribute are
// free text, as bots and workflows leave them.
type Attribute struct {
	Name     string        `json:"name" doc:"Under which its value is found among the fields."`
	Label    string        `json:"label"`
	Kind     AttributeKind `json:"kind" enum:"text,number,date,choice,yes_no,url,phone,email,country,language,time_zone"`
	Choices  []string      `json:"choices,omitempty" doc:"Of kind choice."`
	Help     string        `json:"help,omitempty" doc:"One sentence for agents."`
	Shown    bool          `json:"shown" doc:"In the side panel, even while it is empty. Agents may change it either way (S3-55)."`
	Position int           `json:"position"`
	BuiltIn  bool          `json:"built_in,omitempty" doc:"Comes with Rapport; it can be hidden, not removed."`
}

// BuiltInAttributes are those of a new account (S3-54).
func BuiltInAttributes() []Attribute {
	return []Attribute{
		{Name: "gender", Label: "Gender", Kind: AttributeChoice, Choices: []string{"Female", "Male", "Non-binary"}, Shown: true, Position: 1, BuiltIn: true},
		{Name: "city", Label: "City", Kind: AttributeText, Shown: true, Position: 2, BuiltIn: true},
		{Name: "country", Label: "Country", Kind: AttributeCountry, Shown: true, Position: 3, BuiltIn: true},
		{Name: "language", Label: "Language", Kind: AttributeLanguage, Position: 4, BuiltIn: true},
		{Name: "time_zone", Label: "Time zone", Kind: AttributeTimeZone, Position: 5, BuiltIn: true},
	}
}

// Validate checks and trims what an admin typed.
func (a *Attribute) Validate() error {
	a.Label, a.Help = strings.Join(strings.Fields(a.Label), " "), strings.TrimSpace(a.Help)
	if !fieldName.MatchString(a.Name) {
		return Invalidf("name", "%q is not the name of an attribute: lower case letters, digits and underscores, at most 40, a letter first.", a.Name)
	}
	if a.Label == "" || utf8.RuneCountInString(a.Label) > 60 {
		return Invalidf("label", "A label of 1 to 60 characters is needed.")
	}
	if len(a.Help) > 200 {
		return Invalidf("help", "The help is %d bytes long; at most 200 are allowed.", len(a.Help))
	}
	if !slices.Contains(AttributeKinds, a.Kind) {
		return Invalidf("kind", "%q is not a type of attributes; use text, number, date, choice, yes_no, url, phone, email, country, language or time_zone.", a.Kind)
	}
	if a.Kind != AttributeChoice {
		a.Choices = nil
		return nil
	}
	var choices []string
	for _, c := range a.Choices {
		c = strings.Join(strings.Fields(c), " ")
		switch {
		case c == "" || utf8.RuneCountInString(c) > 80:
			return Invalidf("choices", "A choice has 1 to 80 characters.")
		case slices.ContainsFunc(choices, func(other string) bool { return strings.EqualFold(c, other) }):
			return Invalidf("choices", "The choice %q is there twice.", c)
		}
		choices = append(choices, c)
	}
	if a.Choices = choices; len(choices) < 1 || len(choices) > mostChoices {
		return Invalidf("choices", "One to %d choices are needed; there are %d.", mostChoices, len(choices))
	}
	return nil
}

// MayAddAttribute refuses more attributes than a screen can show.
func MayAddAttribute(there int) error {
	if there >= mostAttributes {
		return Invalidf("", "There are %d attributes; more are not allowed. Remove one that nobody needs.", there)
	}
	return nil
}

// Check brings a value into the form in which it rests, or says what would be
// right. canonical reads phone numbers; it is the account's, as they depend on
// its country. The empty value takes the attribute away and is always right.
func (a *Attribute) Check(value string, canonical func(kind PointKind, text string) (string, error)) (string, error) {
	value = strings.TrimSpace(value)
	if value == "" {
		return "", nil
	}
	field := "fields." + a.Name
	wrong := func(format string, args ...any) (string, error) {
		return "", Invalidf(field, a.Label+": "+format, args...)
	}
	switch a.Kind {
	case AttributeNumber:
		text := strings.ReplaceAll(value, ",", ".")
		if strings.Count(text, ".") > 1 || len(text) > 30 {
			return wrong("%q is not a number; write it like 12.5.", value)
		}
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || strings.ContainsAny(text, "xXpP_iInN") {
			return wrong("%q is not a number; write it like 12.5.", value)
		}
		return strconv.FormatFloat(n, 'f', -1, 64), nil
	case AttributeDate:
		for _, layout := range []string{time.DateOnly, "2.1.2006", time.RFC3339} {
			if t, err := time.Parse(layout, value); err == nil {
				return t.Format(time.DateOnly), nil
			}
		}
		return wrong("%q is not a date; write it like 2026-11-26.", value)
	case AttributeChoice:
		for _, c := range a.Choices {
			if strings.EqualFold(c, value) {
				return c, nil
			}
		}
		return wrong("%q is not one of the choices: %s.", value, strings.Join(a.Choices, ", "))
	case AttributeYesNo:
		switch strings.ToLower(value) {
		case "yes", "true", "1", "y":
			return "yes", nil
		case "no", "false", "0", "n":
			return "no", nil
		}
		return wrong("%q is neither yes nor no.", value)
	case AttributeURL:
		u, err := url.Parse(value)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || strings.ContainsAny(value, " \t\n<>\"") {
			return wrong("%q is not an address of the web; write it like https://example.com.", value)
		}
		return value, nil
	case AttributePhone, AttributeEmail:
		kind := PointPhone
		if a.Kind == AttributeEmail {
			kind = PointEmail
			if _, err := mail.ParseAddress(value); err != nil {
				return wrong("%q is not an e-mail address; it should look like ana@example.com.", value)
			}
		}
		if canonical == nil {
			return value, nil
		}
		text, err := canonical(kind, value)
		if err != nil {
			return wrong("%s", err)
		}
		return text, nil
	case AttributeCountry:
		if code := strings.ToUpper(value); len(code) == 2 && strings.Contains(countries, code+" ") {
			return code, nil
		}
		return wrong("%q is not a country; use its code of two letters, such as DE.", value)
	case AttributeLanguage:
		if !languageTag.MatchString(value) {
			return wrong("%q is not a language; use its code, such as de or pt-BR.", value)
		}
		base, rest, found := strings.Cut(value, "-")
		if base = strings.ToLower(base); found {
			base += "-" + rest
		}
		return base, nil
	case AttributeTimeZone:
		if _, err := time.LoadLocation(value); err != nil || value == "Local" {
			return wrong("%q is not a time zone; use its name, such as Europe/Berlin.", value)
		}
		return value, nil
	}
	if len(value) > 2000 {
		return wrong("the value is %d bytes long; at most 2000 are allowed.", len(value))
	}
	return value, nil
}

// countries are the codes of ISO 3166-1 alpha-2.
const countries = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ " +
	"DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH " +
	"KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL " +
	"PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW "
