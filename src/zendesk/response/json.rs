//! Writing JSON straight into the bytes of an answer, for the resources that make up nearly all of
//! what is sent. Everything else is serialised by serde.

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use jiff::tz::Offset;
use serde::Serialize;

use crate::world::Micros;

/// JSON on its way.
#[derive(Debug)]
pub(crate) struct Json {
    out: Vec<u8>,
    date: Date,
}

/// The date that was written last: the times of an agent are mostly of one day.
#[derive(Debug)]
struct Date {
    day: i64,
    text: [u8; DATE],
}

/// How long `2022-06-21` is.
const DATE: usize = 10;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

impl Json {
    /// JSON to be written into an empty buffer.
    pub(crate) fn new(out: Vec<u8>) -> Self {
        // No time is in this day.
        Self {
            out,
            date: Date {
                day: i64::MIN,
                text: [0; DATE],
            },
        }
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// JSON as it stands. Inlined, so that a literal is stored and not copied by a call.
    #[inline]
    pub(crate) fn raw(&mut self, json: &str) -> &mut Self {
        self.out.extend_from_slice(json.as_bytes());
        self
    }

    pub(crate) fn number(&mut self, number: impl itoa::Integer) -> &mut Self {
        self.raw(itoa::Buffer::new().format(number))
    }

    /// Anything that serde knows how to write.
    pub(crate) fn value(&mut self, value: &impl Serialize) -> &mut Self {
        let start = self.out.len();
        if let Err(error) = serde_json::to_writer(&mut self.out, value) {
            // Nothing that is given here can fail.
            tracing::error!(%error, "a part of an answer could not be written as JSON");
            self.out.truncate(start);
            self.raw("null");
        }
        self
    }

    /// A text, in quotes.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        if is_plain(text) {
            self.raw("\"").raw(text).raw("\"")
        } else {
            self.value(&text)
        }
    }

    /// What stands before an element of an array: nothing before the first one.
    pub(crate) fn element(&mut self) -> &mut Self {
        if self.out.last() == Some(&b'[') {
            self
        } else {
            self.raw(",")
        }
    }

    /// An array.
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

    /// A time in UTC with microseconds, as in availabilities: `"2022-06-21T10:23:25.583732Z"`.
    pub(crate) fn time(&mut self, time: Micros) -> &mut Self {
        let (day, within) = (time.0.div_euclid(DAY), time.0.rem_euclid(DAY));
        if day != self.date.day && !self.date.set_to(day, time) {
            return self.unusual_time(time);
        }
        // Put down as a whole and then filled in: reading back what was just written in parts would
        // have to wait for it.
        self.raw("\"0000-00-00T00:00:00.000000Z\"");
        let Some(text) = self.out.last_chunk_mut::<29>() else {
            return self;
        };
        let (second, micros) = (within / SECOND, within % SECOND);
        text[1..11].copy_from_slice(&self.date.text);
        text[12..14].copy_from_slice(&two_digits(second / 3600));
        text[15..17].copy_from_slice(&two_digits(second / 60 % 60));
        text[18..20].copy_from_slice(&two_digits(second % 60));
        text[21..23].copy_from_slice(&two_digits(micros / 10_000));
        text[23..25].copy_from_slice(&two_digits(micros / 100 % 100));
        text[25..27].copy_from_slice(&two_digits(micros % 100));
        self
    }

    /// A time whose year has not four digits.
    fn unusual_time(&mut self, time: Micros) -> &mut Self {
        let printer = DateTimePrinter::new().precision(Some(6));
        self.raw("\"")
            .raw(&printer.timestamp_to_string(&Timestamp::from(time)))
            .raw("\"")
    }
}

impl Date {
    /// Whether the date has the usual form.
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

/// `00` to `99`; no number that is given is outside of that.
fn two_digits(number: i64) -> [u8; 2] {
    const DIGITS: &[u8; 200] =
        b"00010203040506070809101112131415161718192021222324252627282930313233343536373839\
        40414243444546474849505152535455565758596061626364656667686970717273747576777879\
        8081828384858687888990919293949596979899";
    let (pairs, _) = DIGITS.as_chunks::<2>();
    usize::try_from(number)
        .ok()
        .and_then(|number| pairs.get(number))
        .copied()
        .unwrap_or(*b"00")
}

/// Whether a text stands in JSON as it is.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without branches, many bytes are looked at together"
)]
fn is_plain(text: &str) -> bool {
    // To the end in any case, which is done many bytes at a time.
    text.bytes().fold(true, |plain, byte| {
        plain & (byte >= b' ') & (byte != b'"') & (byte != b'\\')
    })
}
