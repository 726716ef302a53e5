package attachment

var ValidName = validName
