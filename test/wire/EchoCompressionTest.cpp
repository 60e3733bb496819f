#include "Deflation.h"
#include "EchoDialogue.h"

#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace salon::wire;
using namespace std::string_literals;

namespace {

const std::string hello = "\xf2\x48\xcd\xc9\xc9\x07\x00"s; // RFC 7692, 7.2.3.1
const std::string extensions = "Sec-WebSocket-Extensions: ";

/// What a client offers, and what both sides then do.
struct Terms {
    int serverBits = 0; ///< 0: not offered
    int clientBits = 0; ///< 0: not offered, 1: offered without a value
    bool serverAlone = false;
    bool clientAlone = false;

    std::string offer() const {
        std::string offer = "permessage-deflate";
        if (serverAlone) offer += "; server_no_context_takeover";
        if (clientAlone) offer += "; client_no_context_takeover";
        if (serverBits > 0) offer += "; server_max_window_bits=" + std::to_string(serverBits);
        if (clientBits > 0) offer += "; client_max_window_bits";
        if (clientBits > 1) offer += "=" + std::to_string(clientBits);
        return offer;
    }
    std::string answer() const {
        auto answered = *this;
        // A client need not be told a window that it has anyway.
        if (clientBits == 1 || clientBits == 15) answered.clientBits = 0;
        return answered.offer();
    }
};

/// Lines of a log: much that repeats, near and far.
std::string lines(std::size_t size) {
    std::mt19937 random(static_cast<unsigned>(size));
    std::string text;
    while (text.size() < size) {
        text += R"({"time":"2026-11-21T03:00:00.)" + std::to_string(random() % 1000) +
                R"(Z","severity":"information","text":"line )" + std::to_string(random()) + "\"}\n";
    }
    text.resize(size);
    return text;
}

} // namespace

/// permessage-deflate (RFC 7692) at an endpoint that takes every parameter.
class EchoCompressionTest : public EchoDialogue {
    CPPUNIT_TEST_SUITE(EchoCompressionTest);
    CPPUNIT_TEST(everyCombinationOfParametersIsMetAndKept);
    CPPUNIT_TEST(messagesOfEverySizeComeBackCompressed);
    CPPUNIT_TEST(theFirstOfferThatCanBeMetIsAnswered);
    CPPUNIT_TEST(anOfferThatIsNotValidIsDeclined);
    CPPUNIT_TEST(aMalformedOfferEndsTheHandshake);
    CPPUNIT_TEST(withoutAnOfferNothingIsCompressed);
    CPPUNIT_TEST(compressedAndPlainMessagesMayAlternate);
    CPPUNIT_TEST(fragmentsOfACompressedMessageAreJoined);
    CPPUNIT_TEST(theExamplesOfTheRfcAreRead);
    CPPUNIT_TEST(reservedBitsAreRefusedStill);
    CPPUNIT_TEST(whatIsNoDeflateIsRefused);
    CPPUNIT_TEST(compressedTextMustBeUtf8);
    CPPUNIT_TEST(aBombEndsItAtTheLimit);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyCombinationOfParametersIsMetAndKept() {
        for (const int serverBits : {0, 8, 9, 10, 12, 15}) {
            for (const int clientBits : {0, 1, 9, 12, 15}) {
                for (const bool serverAlone : {false, true}) {
                    for (const bool clientAlone : {false, true}) {
                        keeps({serverBits, clientBits, serverAlone, clientAlone});
                    }
                }
            }
        }
    }

    void messagesOfEverySizeComeBackCompressed() {
        auto socket = open("permessage-deflate");
        Compressor compress;
        Decompressor decompress;
        for (const std::size_t size :
             {0, 1, 16, 64, 256, 1024, 4096, 8192, 16384, 32768, 65536, 131072, 1 << 20}) {
            const auto text = lines(size);
            for (int i = 0; i < 3; ++i) {
                socket.send(frameBytes(fin | rsv1 | textFrame, compress(text)));
                const auto frame = socket.incoming();
                CPPUNIT_ASSERT_EQUAL(textFrame, frame.opcode);
                CPPUNIT_ASSERT(frame.compressed);
                CPPUNIT_ASSERT(size < 256 || frame.payload.size() < size);
                CPPUNIT_ASSERT(decompress(frame.payload) == text);
            }
        }
        CPPUNIT_ASSERT_EQUAL(1000, closing(socket));
    }

    void theFirstOfferThatCanBeMetIsAnswered() {
        const auto answered = [&](const std::string& offers) {
            return open(offers).opened().header("Sec-WebSocket-Extensions");
        };
        const auto ten = "permessage-deflate; server_max_window_bits=10"s;
        CPPUNIT_ASSERT_EQUAL(ten, answered(ten + ", permessage-deflate"));
        CPPUNIT_ASSERT_EQUAL("permessage-deflate"s, answered("permessage-deflate, " + ten));
        CPPUNIT_ASSERT_EQUAL(ten, answered("permessage-bzip2; x=1, permessage-deflate; x, " + ten));
        CPPUNIT_ASSERT_EQUAL(
            ten, answered("permessage-deflate; server_max_window_bits=16\r\n" + extensions + ten));
    }

    void anOfferThatIsNotValidIsDeclined() {
        for (const auto* parameters :
             {"server_max_window_bits", "server_max_window_bits=7", "server_max_window_bits=16",
              "server_max_window_bits=010", "client_max_window_bits=x", "unknown",
              "server_no_context_takeover=1", "client_no_context_takeover=\"true\"",
              "client_max_window_bits; client_max_window_bits"}) {
            auto socket = open("permessage-deflate; "s + parameters);
            CPPUNIT_ASSERT(!socket.opened().headers.has("Sec-WebSocket-Extensions"));
            socket.send(frameBytes(fin | rsv1 | textFrame, hello));
            CPPUNIT_ASSERT_EQUAL(1002, socket.closedWith());
        }
    }

    void aMalformedOfferEndsTheHandshake() {
        for (const auto* field : {"permessage-deflate;", "permessage-deflate; x=", ";", "a b",
                                  "permessage-deflate; x=\"", "permessage-deflate; x=\"a b\""}) {
            const auto socket =
                RawWebSocket::at(salon.port(), "/echo", extensions + field + "\r\n");
            socket.opened().isProblem(400, "bad_request");
        }
    }

    void withoutAnOfferNothingIsCompressed() {
        auto socket = RawWebSocket::at(salon.port(), "/echo");
        CPPUNIT_ASSERT(!socket.opened().headers.has("Sec-WebSocket-Extensions"));
        socket.send(textBytes(lines(5000)));
        CPPUNIT_ASSERT(!socket.incoming().compressed);
        socket.send(frameBytes(fin | rsv1 | textFrame, hello));
        CPPUNIT_ASSERT_EQUAL(1002, socket.closedWith());
    }

    void compressedAndPlainMessagesMayAlternate() {
        auto socket = open("permessage-deflate");
        Compressor compress;
        Decompressor decompress;
        for (int i = 0; i < 10; ++i) {
            socket.send(i % 2 ? textBytes("salut")
                              : frameBytes(fin | rsv1 | textFrame, compress("salut")));
            CPPUNIT_ASSERT_EQUAL("salut"s, decompress(socket.incoming().payload));
        }
    }

    void fragmentsOfACompressedMessageAreJoined() {
        auto socket = open("permessage-deflate");
        Compressor compress;
        Decompressor decompress;
        const auto text = lines(100'000);
        for (const std::size_t size : {1, 7, 4096}) {
            const auto payload = compress(text);
            std::string bytes;
            for (std::size_t i = 0; i < payload.size(); i += size) {
                const int last = i + size >= payload.size() ? fin : 0;
                bytes += frameBytes(last | (i == 0 ? rsv1 | binaryFrame : continuation),
                                    payload.substr(i, size));
                if (i == 0) bytes += frameBytes(fin | pingFrame, "between");
            }
            socket.send(bytes);
            CPPUNIT_ASSERT_EQUAL("between"s, socket.incoming().payload);
            const auto frame = socket.incoming();
            CPPUNIT_ASSERT_EQUAL(binaryFrame, frame.opcode);
            CPPUNIT_ASSERT(decompress(frame.payload) == text);
        }
        // Fragments that are blocks of their own, as of a sender that does not know the end yet.
        socket.send(frameBytes(rsv1 | textFrame, compress.flushed("one ")));
        socket.send(frameBytes(continuation, compress.flushed("two ")));
        socket.send(frameBytes(fin | continuation, compress("three")));
        CPPUNIT_ASSERT_EQUAL("one two three"s, decompress(socket.incoming().payload));
    }

    void theExamplesOfTheRfcAreRead() { // 7.2.3
        auto socket = open("permessage-deflate");
        Decompressor decompress;
        for (const auto& payload :
             {hello, "\xf2\x00\x11\x00\x00"s, "\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"s,
              "\xf3\x48\xcd\xc9\xc9\x07\x00\x00"s,
              "\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"s}) {
            socket.send(frameBytes(fin | rsv1 | textFrame, payload));
            CPPUNIT_ASSERT_EQUAL("Hello"s, decompress(socket.incoming().payload));
        }
    }

    void reservedBitsAreRefusedStill() {
        for (const auto& bytes :
             {frameBytes(fin | rsv1 | pingFrame, ""), frameBytes(fin | rsv1 | closeFrame, ""),
              frameBytes(rsv1 | textFrame, hello) + frameBytes(fin | rsv1 | continuation, ""),
              frameBytes(textFrame, "x") + frameBytes(fin | rsv1 | continuation, ""),
              frameBytes(fin | rsv1 | 0x20 | textFrame, hello),
              frameBytes(fin | rsv1 | 0x10 | textFrame, hello)}) {
            auto socket = open("permessage-deflate");
            socket.send(bytes);
            CPPUNIT_ASSERT_EQUAL(1002, socket.closedWith());
        }
    }

    void whatIsNoDeflateIsRefused() {
        for (const auto* offer :
             {"permessage-deflate", "permessage-deflate; client_no_context_takeover"}) {
            for (const auto& payload : {"Hello"s, "\xff\xff\xff"s, hello.substr(0, 4), ""s,
                                        hello + "more", "\xf2\x00\x11\x00\x00"s}) {
                auto socket = open(offer);
                socket.send(frameBytes(fin | rsv1 | binaryFrame, payload));
                CPPUNIT_ASSERT_EQUAL(1007, socket.closedWith());
            }
        }
        // Without takeover no message may refer to an earlier one.
        auto socket = open("permessage-deflate; client_no_context_takeover");
        socket.send(frameBytes(fin | rsv1 | textFrame, hello));
        socket.incoming();
        socket.send(frameBytes(fin | rsv1 | textFrame, "\xf2\x00\x11\x00\x00"s));
        CPPUNIT_ASSERT_EQUAL(1007, socket.closedWith());
    }

    void compressedTextMustBeUtf8() {
        for (const bool whole : {true, false}) {
            Compressor compress;
            auto socket = open("permessage-deflate");
            const auto bad = compress("\xce\xba\xed\xa0\x80 and so on");
            socket.send(frameBytes((whole ? fin : 0) | rsv1 | textFrame, bad));
            CPPUNIT_ASSERT_EQUAL(1007, socket.closedWith());
        }
    }

    void aBombEndsItAtTheLimit() {
        constexpr std::size_t most = 16 << 20;
        Decompressor decompress;
        auto socket = open("permessage-deflate");
        const auto bytesOf = [](std::size_t size) {
            Compressor compress;
            return frameBytes(fin | rsv1 | binaryFrame, compress(std::string(size, '\0')));
        };
        socket.send(bytesOf(most));
        CPPUNIT_ASSERT_EQUAL(most, decompress(socket.incoming().payload).size());
        auto other = open("permessage-deflate");
        other.send(bytesOf(most + 1));
        CPPUNIT_ASSERT_EQUAL(1009, other.closedWith());
        auto bomb = open("permessage-deflate; client_no_context_takeover");
        bomb.send(bytesOf(std::size_t{200} << 20));
        CPPUNIT_ASSERT_EQUAL(1009, bomb.closedWith());
    }

private:
    RawWebSocket open(const std::string& offer) const {
        auto socket = RawWebSocket::at(salon.port(), "/echo", extensions + offer + "\r\n");
        socket.opened().is(101);
        return socket;
    }

    static int closing(RawWebSocket& socket) {
        socket.send(closeBytes(1000));
        return socket.closedWith();
    }

    void keeps(const Terms& terms) const {
        auto socket = open(terms.offer());
        CPPUNIT_ASSERT_EQUAL(terms.answer(), socket.opened().header("Sec-WebSocket-Extensions"));
        const int clientBits = terms.clientBits > 1 ? terms.clientBits : 15;
        const int serverBits = terms.serverBits > 0 ? terms.serverBits : 15;
        Compressor compress(clientBits, !terms.clientAlone);
        Decompressor decompress(serverBits, !terms.serverAlone);
        for (const auto& message : {"salut"s, ""s, lines(40'000), "salut"s, lines(40'000)}) {
            socket.send(frameBytes(fin | rsv1 | textFrame, compress(message)));
            const auto frame = socket.incoming();
            const auto back = frame.compressed ? decompress(frame.payload) : frame.payload;
            CPPUNIT_ASSERT_MESSAGE(terms.offer(), back == message);
        }
        CPPUNIT_ASSERT_EQUAL(1000, closing(socket));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(EchoCompressionTest);
