package phone

import (
	"errors"
	"strings"
	"testing"

	"rapport"
)

// C33, trap 11: however a number is written, it is one customer.
func TestCanonicalC33(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ input, country, want string }{
		{"+49 30 123456", "", "+4930123456"},
		{"0049 30 123456", "", "+4930123456"},
		{"0049 30 123456", "DE", "+4930123456"},
		{"030/123456", "DE", "+4930123456"},
		{"(030) 12-34-56", "de", "+4930123456"},
		{"+49 (0)30 123456", "", "+4930123456"},
		{"tel:+49-30-123456", "", "+4930123456"},
		{"+49 30 123456", "", "+4930123456"},
		{"+٤٩ ٣٠ ١٢٣٤٥٦", "", "+4930123456"},
		{"+39 06 1234567", "", "+39061234567"},
		{"+44 20 7946 0018", "US", "+442079460018"},
		{"(212) 555-0123", "US", "+12125550123"},

		// 00 is what most of the world dials for +, wherever it is read.
		{"0049 (0)30 90 18 22", "JP", "+4930901822"},
		{"0049 30 901822", "US", "+4930901822"},
		{"(0049) 30 901822", "US", "+4930901822"},
		{"(0049) 30 901822", "", "+4930901822"},
		{"0044 20 7946 0018", "UK", "+442079460018"}, // no country: as if there were none
		{"0044 20 7946 0018", "SG", "+442079460018"}, // where 004 is a prefix, too
		{"0061 2 9374 4000", "KR", "+61293744000"},   // where 006 is
		{"0011 49 30 901822", "AU", "+4930901822"},   // 0011 is Australia's
		{"0011 49 30 12", "AU", "+493012"},
		{"001 49 30 901822", "HK", "+4930901822"},    // 001 is one of Hong Kong's
		{"0066 2 123 4567", "JP", "+81006621234567"}, // free of charge in Japan

		// Marks of the direction of writing, and others that nobody sees.
		{"\u202a+49 30 123456\u202c", "", "+4930123456"},
		{"\u2066030 123456\u2069", "DE", "+4930123456"},
		{"\ufeff00\u00ad49\u200e30\u200b123456\u200f", "US", "+4930123456"},
		{strings.Repeat("\u200d", 20) + "+49 30 123456", "", "+4930123456"},

		// chatwoot #13808: Brazilian mobiles with and without the ninth digit.
		{"+55 11 98765-4321", "", "+5511987654321"},
		{"+55 11 8765-4321", "", "+5511987654321"},
		{"+554196543210", "", "+5541996543210"},
		{"11 8765-4321", "BR", "+5511987654321"},
		{"+55 11 3265-4321", "", "+551132654321"},

		// Argentina: with the 9 of calls from abroad, with the national 15, without.
		{"+54 9 11 2345-6789", "", "+541123456789"},
		{"+54 11 2345-6789", "", "+541123456789"},
		{"011 15 2345-6789", "AR", "+541123456789"},
		{"+54 9 351 234-5678", "", "+543512345678"},
		{"0351 15 234-5678", "AR", "+543512345678"},

		// Mexico: with and without the old 1 of mobiles.
		{"+52 1 55 1234 5678", "", "+525512345678"},
		{"+52 55 1234 5678", "", "+525512345678"},
		{"55 1234 5678", "MX", "+525512345678"},

		{"+229 97 12 34 56", "", "+2290197123456"},
		{"+229 01 97 12 34 56", "", "+2290197123456"},
	} {
		got, err := Canonical(test.input, test.country)
		if err != nil || got != test.want {
			t.Errorf("Canonical(%q, %q) = %q, %v; want %q", test.input, test.country, got, err, test.want)
		}
	}
}

// S1-12: numbers carry their country code; what cannot be one is refused with
// a sentence that says what is wrong.
func TestCanonicalRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ input, country, says string }{
		{"", "", "empty"},
		{"  ", "DE", "empty"},
		{"030 123456", "", "no country code"},
		{"+999 123456", "", "country code that exists"},
		{"+49", "", "not a phone number"},
		{"+49 1", "", "not a phone number"},
		{"+1 212 55", "", "too few"},
		{"+1 212 555 01234", "", "too many"},
		{"1-800-FLOWERS", "US", "letters"},
		{"+49 30 123456 ext 5", "", "letters"},
		{"+49 30 123456 # 5", "", "extension"},
		{"ana", "DE", "letters"},
		{"+" + strings.Repeat("1", 60), "", "too long"},
		{"030 123456", "XX", "country code"},
		{"030 123456", "UK", "no country code"},
		{"00999 123456", "US", "too"},
		{"\u202a\u202c", "DE", "empty"},
	} {
		got, err := Canonical(test.input, test.country)
		refusal, ok := errors.AsType[*rapport.Error](err)
		if !ok || refusal.Kind != rapport.Invalid || !strings.Contains(refusal.Message, test.says) {
			t.Errorf("Canonical(%q, %q) = %q, %v; want a refusal that says %q", test.input, test.country, got, err, test.says)
		}
	}
}

func TestKnown(t *testing.T) {
	t.Parallel()
	for country, want := range map[string]bool{"DE": true, "GB": true, "US": true, "XK": true, "UK": false, "XX": false, "ZZ": false, "EU": false, "001": false, "": false} {
		if Known(country) != want {
			t.Errorf("Known(%q) is %v", country, !want)
		}
	}
}

// A canonical number is canonical: reading it again changes nothing.
func FuzzCanonical(f *testing.F) {
	f.Add("+49 30 123456", "")
	f.Add("+55 11 8765-4321", "")
	f.Add("0351 15 234-5678", "AR")
	f.Add("+52 1 55 1234 5678", "")
	f.Add("\u202a+229 97123456", "BJ")
	f.Add("(0049) 30 123456", "JP")
	f.Add("0011 49 30 12", "AU")
	f.Fuzz(func(t *testing.T, input, country string) {
		once, err := Canonical(input, country)
		if err != nil {
			return
		}
		if again, err := Canonical(once, ""); err != nil || again != once {
			t.Fatalf("Canonical(%q, %q) = %q, and of that %q, %v", input, country, once, again, err)
		}
	})
}
