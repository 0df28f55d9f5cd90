"""Files of questions: GIFT, Moodle XML, Aiken and our spreadsheet read, three of them written."""
