//! Writing JSON straight into the bytes of an answer, for the resources that make up most of what
//! is sent. serde serialises everything else.

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use jiff::tz::Offset;
use serde::Serialize;

use crate::world::Micros;

/// JSON that is being written.
#[derive(Debug)]
pub(crate) struct Json {
    out: Vec<u8>,
    date: Date,
}

/// The date that was written last. Most times of an agent are of one day, and not computing the
/// date again saves 13 % of a page.
#[derive(Debug)]
struct Date {
    day: i64,
    text: [u8; 10],
}

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

impl Json {
    /// Empty JSON with room for this many bytes.
    pub(crate) fn with_capacity(size: usize) -> Self {
        // No time is in this day.
        let date = Date {
            day: i64::MIN,
            text: [0; 10],
        };
        Self {
            out: Vec::with_capacity(size),
            date,
        }
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// Writes JSON as it is. Inlined, so that the compiler knows the length of a literal.
    #[inline]
    pub(crate) fn raw(&mut self, json: &str) -> &mut Self {
        self.out.extend_from_slice(json.as_bytes());
        self
    }

    pub(crate) fn number(&mut self, number: impl itoa::Integer) -> &mut Self {
        self.raw(itoa::Buffer::new().format(number))
    }

    /// Writes a value with serde.
    pub(crate) fn value(&mut self, value: &impl Serialize) -> &mut Self {
        let start = self.out.len();
        if let Err(error) = serde_json::to_writer(&mut self.out, value) {
            // No value that is given here can fail.
            tracing::error!(%error, "a part of an answer could not be written as JSON");
            self.out.truncate(start);
            self.raw("null");
        }
        self
    }

    /// Writes a text in quotes.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        if is_plain(text) {
            self.raw("\"").raw(text).raw("\"")
        } else {
            self.value(&text)
        }
    }

    /// Writes the comma before an element of an array, unless it is the first.
    pub(crate) fn element(&mut self) -> &mut Self {
        if self.out.last() == Some(&b'[') {
            self
        } else {
            self.raw(",")
        }
    }

    /// Writes an array.
    pub(crate) fn array<T>(
        &mut self,
        items: impl Iterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        self.raw("[");
        for item in items {
            write(self.element(), item);
        }
        self.raw("]")
    }

    /// Writes a time in UTC with microseconds: `"2022-06-21T10:23:25.583732Z"`. jiff's printer
    /// takes 90 % more instructions for a page.
    pub(crate) fn time(&mut self, time: Micros) -> &mut Self {
        let (day, within) = (time.0.div_euclid(DAY), time.0.rem_euclid(DAY));
        if day != self.date.day && !self.date.set_to(day, time) {
            let printer = DateTimePrinter::new().precision(Some(6));
            let text = printer.timestamp_to_string(&Timestamp::from(time));
            return self.raw("\"").raw(&text).raw("\"");
        }
        let (second, micros) = (within / SECOND, within % SECOND);
        let mut text = *b"\"0000-00-00T00:00:00.000000Z\"";
        text[1..11].copy_from_slice(&self.date.text);
        text[12..14].copy_from_slice(&two_digits(second / 3600));
        text[15..17].copy_from_slice(&two_digits(second / 60 % 60));
        text[18..20].copy_from_slice(&two_digits(second % 60));
        text[21..23].copy_from_slice(&two_digits(micros / 10_000));
        text[23..25].copy_from_slice(&two_digits(micros / 100 % 100));
        text[25..27].copy_from_slice(&two_digits(micros % 100));
        self.out.extend_from_slice(&text);
        self
    }
}

impl Date {
    /// Sets the date, if its year has four digits.
    fn set_to(&mut self, day: i64, time: Micros) -> bool {
        let date = Offset::UTC.to_datetime(Timestamp::from(time)).date();
        let year = i64::from(date.year());
        if year < 0 {
            return false;
        }
        self.day = day;
        self.text = *b"0000-00-00";
        self.text[0..2].copy_from_slice(&two_digits(year / 100));
        self.text[2..4].copy_from_slice(&two_digits(year % 100));
        self.text[5..7].copy_from_slice(&two_digits(date.month().into()));
        self.text[8..].copy_from_slice(&two_digits(date.day().into()));
        true
    }
}

/// `00` to `99`, looked up: to compute them takes 2.5 % of a call that shows an agent.
fn two_digits(number: i64) -> [u8; 2] {
    const ALL: [[u8; 2]; 100] = all_digits();
    let place = usize::try_from(number).unwrap_or(usize::MAX);
    ALL.get(place).copied().unwrap_or(*b"00")
}

const fn all_digits() -> [[u8; 2]; 100] {
    let mut all = [*b"00"; 100];
    let (mut place, mut tens) = (0, b'0');
    while tens <= b'9' {
        let mut ones = b'0';
        while ones <= b'9' {
            all[place] = [tens, ones];
            place += 1;
            ones += 1;
        }
        tens += 1;
    }
    all
}

/// Whether a text needs no escapes in JSON. Asking first saves 3.4 % of a page.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without branches, many bytes are compared at once"
)]
fn is_plain(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| {
        plain & (byte >= b' ') & (byte != b'"') & (byte != b'\\')
    })
}
