// Package point reads the addresses of customers as people type them and
// brings each into the form under which the customer is recognised.
package point

import (
	"net/mail"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"rapport"
	"rapport/lib/phone"
)

// longest is the most bytes an address may have.
const longest = 254

// Parse reads one address. kind says what it is; empty finds out: "@name" is
// a handle, what has an @ inside is an e-mail address, the rest a phone
// number, read in country when it has no country code. Shown of the result
// keeps what was written if the canonical form differs.
func Parse(kind rapport.PointKind, input, country string) (rapport.Point, error) {
	text := strings.TrimSpace(norm.NFC.String(strings.ToValidUTF8(input, "")))
	if text == "" {
		return rapport.Point{}, rapport.Invalidf("points", "A contact point is empty.")
	}
	if len(text) > longest {
		return rapport.Point{}, rapport.Invalidf("points", "%.20q… is too long for a contact point; at most %d bytes are allowed.", text, longest)
	}
	if strings.ContainsFunc(text, unicode.IsControl) {
		return rapport.Point{}, rapport.Invalidf("points", "%q has control characters in it.", text)
	}
	if kind == "" {
		kind = recognise(text)
	}
	address, err := canonical(kind, text, country)
	if err != nil {
		return rapport.Point{}, err
	}
	p := rapport.Point{Kind: kind, Address: address}
	if text != address {
		p.Shown = text
	}
	return p, nil
}

// ParseList reads addresses separated by commas, semicolons or line breaks.
// Empty places are passed over. How many are allowed is the caller's to say.
func ParseList(input, country string) ([]rapport.Point, error) {
	points := []rapport.Point{}
	for text := range strings.FieldsFuncSeq(input, separates) {
		if strings.TrimSpace(text) == "" {
			continue
		}
		p, err := Parse("", text, country)
		if err != nil {
			return nil, err
		}
		points = append(points, p)
	}
	return points, nil
}

func separates(r rune) bool { return r == ',' || r == ';' || r == '\n' || r == '\r' }

func recognise(text string) rapport.PointKind {
	switch at := strings.IndexByte(text, '@'); {
	case at == 0:
		return rapport.PointHandle
	case at > 0:
		return rapport.PointEmail
	}
	return rapport.PointPhone
}

func canonical(kind rapport.PointKind, text, country string) (string, error) {
	switch kind {
	case rapport.PointPhone:
		return phone.Canonical(text, country)
	case rapport.PointEmail:
		return email(text)
	case rapport.PointHandle:
		return handle(text)
	case rapport.PointExternal, rapport.PointVisitor:
		return text, nil // an id of another system: every byte counts
	}
	return "", rapport.Invalidf("points", "%q is not a kind of contact point; use phone, email, external or handle.", kind)
}

// email lower-cases both sides: no mail service in use tells ANA@ and ana@
// apart, while people write both. The domain is kept in its ASCII form.
func email(text string) (string, error) {
	refusal := rapport.Invalidf("email", "%q is not an e-mail address; it should look like ana@example.com.", text)
	address := strings.TrimPrefix(text, "mailto:")
	name, domain, found := strings.Cut(address, "@")
	if !found || strings.ContainsAny(address, ` "<>()`) {
		return "", refusal
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || !strings.Contains(ascii, ".") {
		return "", refusal
	}
	address = norm.NFC.String(strings.ToLower(name)) + "@" + strings.ToLower(ascii)
	if parsed, err := mail.ParseAddress(address); err != nil || parsed.Address != address || len(address) > longest {
		return "", refusal
	}
	return address, nil
}

// handle is kept with its @ and in lower case.
func handle(text string) (string, error) {
	name := strings.TrimPrefix(text, "@")
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '@' }) {
		return "", rapport.Invalidf("points", "%q is not a handle; it should look like @ana.", text)
	}
	return "@" + norm.NFC.String(strings.ToLower(name)), nil
}
