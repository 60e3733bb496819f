#include "websocket/Deflate.h"

#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <zlib.h>

#include <random>
#include <string>
#include <thread>
#include <vector>

using salon::SharedFrame;
using salon::net::Deflater;
using salon::net::FrameCompressor;
using salon::net::Inflater;
using salon::net::InflaterPool;
using namespace std::string_literals;

namespace {

constexpr std::size_t plenty = 1 << 24;

/// What a message inflates to, its bytes given in pieces; "bad" or "too big" when it does not.
std::string inflated(Inflater& inflater, std::string_view message, std::size_t piece = 1 << 20,
                     std::size_t most = plenty) {
    std::string out;
    auto outcome = Inflater::Outcome::good;
    for (std::size_t i = 0; i < message.size() && outcome == Inflater::Outcome::good; i += piece) {
        outcome = inflater.take(message.substr(i, piece), out, most);
    }
    if (outcome == Inflater::Outcome::good) outcome = inflater.finish(out, most);
    CPPUNIT_ASSERT(out.size() <= most);
    if (outcome == Inflater::Outcome::good) return out;
    return outcome == Inflater::Outcome::bad ? "bad" : "too big";
}

std::string inflated(std::string_view message, std::size_t most = plenty) {
    Inflater inflater(15);
    return inflated(inflater, message, 1 << 20, most);
}

/// Words from a list, so that there is something to refer back to, near and far.
std::string prose(std::size_t size, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<std::string> words;
    for (int i = 0; i < 400; ++i) words.push_back(std::to_string(random()));
    std::string text;
    while (text.size() < size) text += words[random() % words.size()] + ' ';
    text.resize(size);
    return text;
}

std::string noise(std::size_t size) {
    std::mt19937 random(7);
    std::string bytes(size, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(random());
    return bytes;
}

/// Inflates as a peer does that keeps a window of exactly so many bits: a byte at a time, so that
/// nothing but the window is there to refer to.
std::string inflatedByte(unsigned bits, const std::string& message) {
    z_stream stream{};
    CPPUNIT_ASSERT_EQUAL(Z_OK, ::inflateInit2(&stream, -static_cast<int>(bits)));
    auto whole = message + "\x00\x00\xff\xff"s;
    stream.next_in = reinterpret_cast<Bytef*>(whole.data());
    stream.avail_in = static_cast<uInt>(whole.size());
    std::string out;
    for (;;) {
        Bytef byte = 0;
        stream.next_out = &byte;
        stream.avail_out = 1;
        const auto result = ::inflate(&stream, Z_SYNC_FLUSH);
        if (stream.avail_out == 0) out += static_cast<char>(byte);
        if (result == Z_OK && (stream.avail_in > 0 || stream.avail_out == 0)) continue;
        if (result != Z_OK && result != Z_BUF_ERROR) out += stream.msg;
        break;
    }
    ::inflateEnd(&stream);
    return out;
}

} // namespace

class DeflateTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DeflateTest);
    CPPUNIT_TEST(theExamplesOfTheRfcAreInflated);
    CPPUNIT_TEST(whatIsDeflatedComesBackWithEveryWindow);
    CPPUNIT_TEST(noMessageRefersFurtherBackThanItsWindow);
    CPPUNIT_TEST(withTakeoverTheSecondMessageIsShorter);
    CPPUNIT_TEST(whatIsNoDeflateIsBad);
    CPPUNIT_TEST(aBombIsStoppedAtTheLimit);
    CPPUNIT_TEST(aPooledInflaterHasForgottenEverything);
    CPPUNIT_TEST(aFrameIsCompressedOnceForEachWindow);
    CPPUNIT_TEST(whatDoesNotBecomeShorterIsSentAsItIs);
    CPPUNIT_TEST(twoThreadsMayCompressTheSameFrame);
    CPPUNIT_TEST_SUITE_END();

public:
    void theExamplesOfTheRfcAreInflated() { // RFC 7692, 7.2.3
        const auto hello = "\xf2\x48\xcd\xc9\xc9\x07\x00"s;
        Inflater inflater(15);
        CPPUNIT_ASSERT_EQUAL("Hello"s, inflated(inflater, hello));
        CPPUNIT_ASSERT_EQUAL("Hello"s, inflated(inflater, "\xf2\x00\x11\x00\x00"s));
        CPPUNIT_ASSERT_EQUAL("Hello"s, inflated("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"s));
        CPPUNIT_ASSERT_EQUAL("Hello"s, inflated(inflater, "\xf3\x48\xcd\xc9\xc9\x07\x00\x00"s));
        CPPUNIT_ASSERT_EQUAL("Hello"s, inflated(inflater, hello, 1));
        CPPUNIT_ASSERT_EQUAL("Hello"s,
                             inflated("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"s));
        CPPUNIT_ASSERT_EQUAL(""s, inflated("\x00"s));
        CPPUNIT_ASSERT_EQUAL(""s, inflated("\x01"s)); // the left out bytes end the last block
    }

    void whatIsDeflatedComesBackWithEveryWindow() {
        const std::vector<std::string> messages{"",
                                                "x",
                                                "salut",
                                                prose(300, 1),
                                                prose(70'000, 2),
                                                noise(20'000),
                                                std::string(1'000'000, 'z'),
                                                "salut",
                                                ""};
        for (unsigned bits = 8; bits <= 15; ++bits) {
            for (const bool takeover : {true, false}) {
                Deflater deflater(bits);
                Inflater inflater(bits);
                for (const auto& message : messages) {
                    if (!takeover) deflater.reset();
                    if (!takeover) inflater.reset();
                    const std::string compressed(deflater.message(message));
                    CPPUNIT_ASSERT(inflated(inflater, compressed, 1000) == message);
                }
            }
        }
    }

    void noMessageRefersFurtherBackThanItsWindow() {
        for (unsigned bits = 8; bits <= 15; ++bits) {
            Deflater deflater(bits);
            const auto text = prose(100'000, bits);
            const auto compressed = std::string(deflater.message(text));
            CPPUNIT_ASSERT_MESSAGE(std::to_string(bits), inflatedByte(bits, compressed) == text);
            CPPUNIT_ASSERT(compressed.size() < text.size());
        }
        // That this would be seen.
        Deflater deflater(15);
        const auto text = prose(100'000, 15);
        CPPUNIT_ASSERT(inflatedByte(8, std::string(deflater.message(text))) != text);
    }

    void withTakeoverTheSecondMessageIsShorter() {
        Deflater deflater(15);
        const auto text = prose(1000, 3);
        const auto first = deflater.message(text).size();
        CPPUNIT_ASSERT(deflater.message(text).size() * 10 < first);
        deflater.reset();
        CPPUNIT_ASSERT_EQUAL(first, deflater.message(text).size());
    }

    void whatIsNoDeflateIsBad() {
        for (const auto& bytes : {
                 ""s,                                 // an empty message is one block
                 "\x07"s, "\xff\xff\xff"s,            // a reserved kind of block
                 "\xf2\x48\xcd"s,                     // its end is missing
                 "\x00\x05\x00\xfa\xff\x48\x65"s,     // bytes of a stored block are missing
                 "\x00\x05\x00\xfa\xfe\x48\x65"s,     // a length that is not its complement's
                 "\xf2\x48\xcd\xc9\xc9\x07"s,         // no room for the left out bytes
                 "\xf2\x00\x11\x00\x00"s,             // refers to a message that was not
                 "\xf2\x48\xcd\xc9\xc9\x07\x00Hello"s // something follows
             }) {
            CPPUNIT_ASSERT_EQUAL("bad"s, inflated(bytes));
        }
    }

    void aBombIsStoppedAtTheLimit() {
        Deflater deflater(15);
        const std::string bomb(deflater.message(std::string(10'000'000, '\0')));
        CPPUNIT_ASSERT(bomb.size() < 50'000);
        CPPUNIT_ASSERT_EQUAL("too big"s, inflated(bomb, 65'536));
        CPPUNIT_ASSERT_EQUAL("too big"s, inflated(bomb, 9'999'999));
        CPPUNIT_ASSERT_EQUAL(std::size_t{10'000'000}, inflated(bomb, 10'000'000).size());
        deflater.reset();
        const std::string small(deflater.message("12345"));
        CPPUNIT_ASSERT_EQUAL("12345"s, inflated(small, 5));
        CPPUNIT_ASSERT_EQUAL("too big"s, inflated(small, 4));
    }

    void aPooledInflaterHasForgottenEverything() {
        InflaterPool pool;
        auto inflater = pool.take();
        CPPUNIT_ASSERT_EQUAL("Hello"s, inflated(*inflater, "\xf2\x48\xcd\xc9\xc9\x07\x00"s));
        const auto* const same = inflater.get();
        pool.giveBack(std::move(inflater));
        inflater = pool.take();
        CPPUNIT_ASSERT(same == inflater.get());
        CPPUNIT_ASSERT_EQUAL("bad"s, inflated(*inflater, "\xf2\x00\x11\x00\x00"s));
        pool.giveBack(std::move(inflater)); // in the middle of a failure
        inflater = pool.take();
        CPPUNIT_ASSERT_EQUAL("Hello"s, inflated(*inflater, "\xf2\x48\xcd\xc9\xc9\x07\x00"s));
    }

    void aFrameIsCompressedOnceForEachWindow() {
        FrameCompressor one;
        FrameCompressor two;
        const auto text = prose(3000, 4);
        const auto frame = SharedFrame::text(text);
        const auto first = one.compress(frame, 15);
        CPPUNIT_ASSERT_EQUAL('\xc1', first.bytes().front());
        CPPUNIT_ASSERT(first.payload().size() < text.size());
        CPPUNIT_ASSERT(inflated(first.payload()) == text);
        CPPUNIT_ASSERT(first.bytes().data() == two.compress(frame, 15).bytes().data());
        const auto narrow = one.compress(frame, 9);
        CPPUNIT_ASSERT(first.bytes().data() != narrow.bytes().data());
        CPPUNIT_ASSERT(narrow.bytes().data() == two.compress(frame, 9).bytes().data());
        CPPUNIT_ASSERT(inflatedByte(9, std::string(narrow.payload())) == text);
        // Another frame refers to none of it.
        CPPUNIT_ASSERT(inflated(one.compress(SharedFrame::text(text), 15).payload()) == text);
    }

    void whatDoesNotBecomeShorterIsSentAsItIs() {
        FrameCompressor compressor;
        for (const auto& bytes : {""s, "x"s, noise(5000)}) {
            const auto frame = SharedFrame::binary(bytes);
            for (int i = 0; i < 2; ++i) {
                CPPUNIT_ASSERT(compressor.compress(frame, 15).bytes().data() ==
                               frame.bytes().data());
            }
        }
    }

    void twoThreadsMayCompressTheSameFrame() {
        for (int round = 0; round < 50; ++round) {
            auto frame = SharedFrame::text(prose(500, 5));
            const auto use = [frame] {
                FrameCompressor compressor;
                const auto fifteen = compressor.compress(frame, 15);
                const auto ten = compressor.compress(frame, 10);
                CPPUNIT_ASSERT(inflated(fifteen.payload()) == inflated(ten.payload()));
            };
            std::thread one(use);
            std::thread two(use);
            frame = SharedFrame();
            one.join();
            two.join();
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DeflateTest);
