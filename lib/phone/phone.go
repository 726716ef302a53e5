// Package phone brings telephone numbers into the one form under which a
// customer is recognised, however the number was written or announced.
package phone

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"

	"rapport"
)

// longest is the most characters that a number is read from; a real one with
// separators stays far below.
const longest = 40

// Canonical reads a number as a person or a network wrote it and returns it
// in E.164 form, such as +493012345678.
//
// country is the two-letter code that numbers without a country code are read
// in; empty, or one that is not Known, demands the code. 00 stands for the plus
// sign unless the country means something else by it. Numbers that a country
// writes in more than one way (see national) give one result. The length must be
// possible in that country; whether the number is in service is not checked,
// because number plans change faster than programs are updated.
func Canonical(input, country string) (string, error) {
	text := strings.TrimSpace(strings.Map(visible, strings.ToValidUTF8(input, "")))
	if text == "" {
		return "", refuse("The phone number is empty.")
	}
	if len(text) > longest {
		return "", refuse("%.20q… is too long for a phone number.", text)
	}
	text = strings.TrimPrefix(text, "tel:")
	if strings.ContainsFunc(text, unicode.IsLetter) {
		return "", refuse("%q is not a phone number: it has letters in it. Write digits only, without an extension.", text)
	}
	if country = strings.ToUpper(country); !Known(country) {
		country = ""
	}
	if rest, found := strings.CutPrefix(strings.TrimLeft(text, "( "), "00"); found && !means(text, country) {
		if _, err := read("+"+rest, ""); err == nil || country == "" {
			text = "+" + rest
		}
	}
	if country == "" && !strings.HasPrefix(text, "+") && !strings.HasPrefix(text, "\uFF0B") {
		return "", refuse("%q has no country code; write it like +49 30 1234567.", text)
	}
	// A number may lose a prefix with each reading ("+91 00…"); the form that
	// reading leaves alone is the canonical one.
	number, err := read(text, country)
	for range 4 {
		if err != nil {
			return "", err
		}
		before := number
		if number, err = read(before, ""); number == before {
			return number, nil
		}
	}
	return "", refuse("%q is not a phone number; write it like +49 30 1234567.", text)
}

// Known tells whether a two-letter code is a country whose numbers can be read.
func Known(country string) bool { return phonenumbers.GetCountryCodeForRegion(country) != 0 }

// visible drops marks that nobody sees, of the direction of writing for example:
// they come along when a number is copied.
func visible(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

// means tells whether a country itself makes a number of a text that begins with 00:
// by another prefix for calls abroad, such as 0011, or as one of its own.
func means(text, country string) bool {
	if country == "" {
		return false
	}
	number, err := phonenumbers.Parse(text, country)
	return err == nil && phonenumbers.IsValidNumber(number)
}

func read(text, country string) (string, error) {
	number, err := phonenumbers.Parse(text, country)
	if errors.Is(err, phonenumbers.ErrInvalidCountryCode) {
		return "", refuse("%q does not begin with a country code that exists; write it like +49 30 1234567.", text)
	}
	if err != nil {
		return "", refuse("%q is not a phone number; write it like +49 30 1234567.", text)
	}
	if number.GetExtension() != "" {
		return "", refuse("%q has an extension; leave it out.", text)
	}
	if rewrite, found := national[int(number.GetCountryCode())]; found {
		digits := phonenumbers.GetNationalSignificantNumber(number)
		if one := rewrite(digits); one != digits {
			number, err = phonenumbers.Parse(fmt.Sprintf("+%d%s", number.GetCountryCode(), one), "")
			if err != nil {
				return "", refuse("%q is not a phone number; write it like +49 30 1234567.", text)
			}
		}
	}
	switch phonenumbers.IsPossibleNumberWithReason(number) {
	case phonenumbers.IS_POSSIBLE:
		return phonenumbers.Format(number, phonenumbers.E164), nil
	case phonenumbers.TOO_LONG:
		return "", refuse("%q has too many digits for a number in its country.", text)
	case phonenumbers.IS_POSSIBLE_LOCAL_ONLY:
		return "", refuse("%q lacks its area code.", text)
	default:
		return "", refuse("%q has too few digits for a number in its country.", text)
	}
}

func refuse(format string, args ...any) error {
	return rapport.Invalidf("phone", format, args...)
}
