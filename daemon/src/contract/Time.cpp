#include "salon/Time.h"

#include <chrono>

namespace salon {

namespace {

void appendDigits(std::string& out, std::int64_t value, int width) {
    char digits[20];
    for (int i = width; i-- > 0; value /= 10) digits[i] = static_cast<char>('0' + value % 10);
    out.append(digits, static_cast<std::size_t>(width));
}

void appendYear(std::string& out, std::int64_t year) {
    if (year < 0) {
        out += '-';
        year = -year;
    }
    int width = 4;
    for (auto rest = year / 10000; rest > 0; rest /= 10) ++width;
    appendDigits(out, year, width);
}

struct Date {
    std::int64_t year;
    int month;
    int day;
};

// Howard Hinnant's civil_from_days: eras of 400 years, years that begin in March so that the leap
// day comes last. std::chrono's own ends at the year 32767, and any 64-bit number may come out of a
// table.
Date dateOf(std::int64_t days) {
    constexpr std::int64_t daysOfEra = 146097;
    days += 719468; // from 0000-03-01
    const auto era = (days >= 0 ? days : days - (daysOfEra - 1)) / daysOfEra;
    const auto dayOfEra = days - era * daysOfEra;
    const auto yearOfEra =
        (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / (daysOfEra - 1)) / 365;
    const auto dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const auto march = (5 * dayOfYear + 2) / 153;
    const auto day = static_cast<int>(dayOfYear - (153 * march + 2) / 5 + 1);
    const auto month = static_cast<int>(march < 10 ? march + 3 : march - 9);
    return {yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

} // namespace

Milliseconds now() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

void appendTime(std::string& out, Milliseconds time) {
    constexpr Milliseconds day = 86400000;
    auto days = time / day;
    auto rest = time % day;
    if (rest < 0) {
        rest += day;
        --days;
    }
    const auto date = dateOf(days);
    appendYear(out, date.year);
    out += '-';
    appendDigits(out, date.month, 2);
    out += '-';
    appendDigits(out, date.day, 2);
    out += 'T';
    appendDigits(out, rest / 3600000, 2);
    out += ':';
    appendDigits(out, rest / 60000 % 60, 2);
    out += ':';
    appendDigits(out, rest / 1000 % 60, 2);
    out += '.';
    appendDigits(out, rest % 1000, 3);
    out += 'Z';
}

std::string formatTime(Milliseconds time) {
    std::string text;
    text.reserve(24);
    appendTime(text, time);
    return text;
}

} // namespace salon
