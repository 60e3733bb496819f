#pragma once

#include "http/HttpReader.h"

#include <cppunit/TestAssert.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Requests as bytes, and what a reader makes of them, in whatever pieces they come.

namespace salon::net::test {

using State = HttpReader::State;

inline const std::string host = "Host: a\r\n";

inline std::string get(const std::string& target) {
    return "GET " + target + " HTTP/1.1\r\n" + host + "\r\n";
}

/// A request with these further lines of head.
inline std::string with(const std::string& lines, const std::string& body = "") {
    return "POST /p HTTP/1.1\r\n" + host + lines + "\r\n" + body;
}

inline std::string chunked(const std::string& body) {
    return with("Transfer-Encoding: chunked\r\n", body);
}

/// Feeds bytes in pieces, each in memory of its own; returns what was not taken.
inline std::string feed(HttpReader& reader, std::string_view bytes, std::size_t piece) {
    std::string left;
    while (!bytes.empty()) {
        left.append(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        const std::vector<char> memory(left.begin(), left.end());
        std::string_view input(memory.data(), memory.size());
        const auto state = reader.feed(input);
        CPPUNIT_ASSERT(state == reader.state());
        if (state == State::head || state == State::body) CPPUNIT_ASSERT(input.empty());
        left = input;
    }
    return left;
}

/// What came of a request, in one line.
inline std::string outcome(const HttpReader& reader) {
    switch (reader.state()) {
    case State::head:
        return "head";
    case State::body:
        return "body";
    case State::bad: {
        const auto status = reader.status();
        const bool large = status == 413 || status == 414 || status == 431;
        const auto code = status == 503 ? Code::unavailable
                          : large       ? Code::tooLarge
                                        : Code::badRequest;
        CPPUNIT_ASSERT(reader.error().code == code);
        CPPUNIT_ASSERT(!reader.error().message.empty());
        CPPUNIT_ASSERT(!reader.keepAlive() && !reader.expectsContinue());
        return std::to_string(status);
    }
    case State::complete:
        break;
    }
    std::string line(reader.method());
    line.append(" ").append(reader.path());
    if (!reader.query().empty()) line.append("?").append(reader.query());
    if (!reader.body().empty()) line.append(" ").append(reader.body());
    return line;
}

struct Row {
    const char* name;
    std::string bytes;
    std::string outcome;
    std::string left = {}; // bytes that are not this request's
};

inline void check(const std::vector<Row>& rows, const HttpLimits& limits = {}) {
    for (const auto& row : rows) {
        for (const std::size_t piece : {row.bytes.size(), 1ul, 2ul, 3ul, 5ul, 17ul}) {
            HttpReader reader(limits);
            const auto left = feed(reader, row.bytes, piece);
            const auto message = std::string(row.name) + ", in pieces of " + std::to_string(piece);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(message, row.outcome, outcome(reader));
            if (reader.state() != State::bad) CPPUNIT_ASSERT_EQUAL_MESSAGE(message, row.left, left);
        }
    }
}

/// A reader that has been fed.
struct Fed {
    explicit Fed(std::string_view bytes) : reader(limits) { reader.feed(bytes); }
    HttpLimits limits;
    HttpReader reader;
};

} // namespace salon::net::test
