package phone

// national holds, by country code, the numbers that are written in more than
// one way and that libphonenumber leaves apart: one customer would become two
// (C33, trap 11). Each function maps a national number to the one form.
var national = map[int]func(digits string) string{
	54:  argentina,
	55:  brazil,
	52:  mexico,
	229: benin,
}

// argentina drops the 9 that marks a call to a mobile from abroad: networks
// send the same number with and without it. The digits behind it are unique
// among mobiles and land lines together.
func argentina(digits string) string {
	if len(digits) == 11 && digits[0] == '9' {
		return digits[1:]
	}
	return digits
}

// brazil adds the ninth digit that mobiles got between 2012 and 2016 (Anatel
// Resolution 553/2010): messengers still announce old accounts without it.
// After the area code, mobiles began with 6 to 9, land lines with 2 to 5.
func brazil(digits string) string {
	if len(digits) == 10 && digits[2] >= '6' {
		return digits[:2] + "9" + digits[2:]
	}
	return digits
}

// mexico drops the 1 that marked mobiles until August 2019 and that messengers
// still send.
func mexico(digits string) string {
	if len(digits) == 11 && digits[0] == '1' {
		return digits[1:]
	}
	return digits
}

// benin adds the 01 that every number got on 30 November 2024.
func benin(digits string) string {
	if len(digits) == 8 {
		return "01" + digits
	}
	return digits
}
