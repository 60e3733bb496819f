#include "web/SharedBytes.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using salon::web::SharedBytes;

class SharedBytesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SharedBytesTest);
    CPPUNIT_TEST(everyPartIsTheBytesThatItNames);
    CPPUNIT_TEST(wholePiecesAreNotCopied);
    CPPUNIT_TEST_SUITE_END();

    static constexpr auto piece = SharedBytes::pieceSize;
    static std::string text(std::size_t size) {
        std::string bytes;
        for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>('a' + i % 23);
        return bytes;
    }
    static std::string joined(const SharedBytes& bytes, std::size_t first, std::size_t size) {
        std::string all;
        for (const auto& part : bytes.part(first, size)) all += part.bytes();
        return all;
    }

public:
    void everyPartIsTheBytesThatItNames() {
        for (const auto size : {std::size_t{0}, std::size_t{1}, piece - 1, piece, piece + 1,
                                2 * piece, 2 * piece + 7}) {
            const auto bytes = text(size);
            const SharedBytes shared(bytes);
            CPPUNIT_ASSERT_EQUAL(size, shared.size());
            for (const auto first : {std::size_t{0}, std::size_t{1}, piece - 1, piece, piece + 3}) {
                for (const auto last : {first, first + 1, piece, piece + 1, 2 * piece, size}) {
                    if (first > last || last > size) continue;
                    CPPUNIT_ASSERT(joined(shared, first, last - first) ==
                                   bytes.substr(first, last - first));
                }
            }
        }
    }
    void wholePiecesAreNotCopied() {
        const SharedBytes shared(text(3 * piece + 5));
        const auto all = shared.part(0, shared.size());
        const auto most = shared.part(1, shared.size() - 2);
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, all.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, most.size());
        CPPUNIT_ASSERT(most[1].bytes().data() == all[1].bytes().data());
        CPPUNIT_ASSERT(most[2].bytes().data() == all[2].bytes().data());
        CPPUNIT_ASSERT(shared.part(0, shared.size())[3].bytes().data() == all[3].bytes().data());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SharedBytesTest);
