#include "Dialogue.h"
#include "RawConnection.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <list>

/// A browser fetches the web client, and whatever else it might try.
class WebTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(WebTest);
    CPPUNIT_TEST(theFrontDoorIsThePage);
    CPPUNIT_TEST(theClientsOwnPathsAreThePage);
    CPPUNIT_TEST(theDaemonsPathsStayItsOwn);
    CPPUNIT_TEST(noPathLeavesTheRoot);
    CPPUNIT_TEST(theSmallestAcceptedCodingIsSent);
    CPPUNIT_TEST(whatIsKnownIsNotSentAgain);
    CPPUNIT_TEST(partsAreSent);
    CPPUNIT_TEST(hashedFilesAreKeptForEver);
    CPPUNIT_TEST(everyPageIsGuarded);
    CPPUNIT_TEST(behindTlsTheBrowserIsToldToStayThere);
    CPPUNIT_TEST(aFileTakesNothing);
    CPPUNIT_TEST(aNewClientIsReadOnReload);
    CPPUNIT_TEST(aBrokenClientChangesNothing);
    CPPUNIT_TEST(aFileThatManyAreSlowToTakeIsInMemoryOnce);
    CPPUNIT_TEST(theNextRequestIsReadWhenTheAnswerIsNearlyTaken);
    CPPUNIT_TEST_SUITE_END();

    std::string root() { return salon.folder().file("www"); }
    void put(const std::string& name, const std::string& bytes) {
        const auto path = std::filesystem::path(root()) / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << bytes;
    }
    salon::wire::Reply get(const std::string& path, const salon::wire::Headers& headers = {}) {
        return salon.http().call("GET", path, {}, headers);
    }

public:
    void setUp() override {
        put("index.html", "<!doctype html>");
        put("index.html.br", "smallest");
        put("index.html.gz", "small");
        put("assets/app-5f3a.js", "0123456789");
        put("sw.js", "worker");
        salon.start({{"web.root", root()}, {"http.trusted_proxies", "127.0.0.1"}});
    }

    void theFrontDoorIsThePage() {
        for (const auto* path : {"/", "/index.html", "/?theme=dark"}) {
            const auto page = get(path).is(200);
            CPPUNIT_ASSERT_EQUAL(std::string("<!doctype html>"), page.body);
            CPPUNIT_ASSERT_EQUAL(std::string("text/html; charset=utf-8"),
                                 page.header("Content-Type"));
            CPPUNIT_ASSERT_EQUAL(std::string("no-cache"), page.header("Cache-Control"));
        }
        const auto head = salon.http().call("HEAD", "/").is(200);
        CPPUNIT_ASSERT_EQUAL(std::string("15"), head.header("Content-Length"));
        CPPUNIT_ASSERT(head.body.empty());
    }
    void theClientsOwnPathsAreThePage() {
        for (const auto* path : {"/login", "/people/7", "/c/12/", "/apiary"})
            CPPUNIT_ASSERT_EQUAL(std::string("<!doctype html>"), get(path).is(200).body);
        get("/people/jean.paul").isProblem(404, "not_found");
        get("/people/jean.paul", {{"Accept", "text/html,*/*;q=0.8"}}).is(200);
        get("/missing.js").isProblem(404, "not_found");
        get("/assets/missing").isProblem(404, "not_found");
        get("/assets/missing.js", {{"Accept", "text/html"}}).isProblem(404, "not_found");
    }
    void theDaemonsPathsStayItsOwn() {
        get("/api/v1/nothing").isProblem(404, "not_found");
        get("/api").isProblem(404, "not_found");
        get("/health/nothing").isProblem(404, "not_found");
        get("/health/live").is(200);
        get("/api/v1/users/me").isProblem(401, "unauthorized");
        salon.http().post("/api/v1/nothing", "{}").isProblem(404, "not_found");
        salon.http().del("/api/v1/auth/login").isProblem(405, "method_not_allowed");
        get("/ws").is(426);
    }
    void noPathLeavesTheRoot() {
        std::ofstream(salon.folder().file("secret.txt")) << "secret";
        for (const auto* path :
             {"/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt", "//secret.txt",
              "/assets/%2e%2e/%2e%2e/secret.txt", "/assets/..%5c..%5csecret.txt", "/secret.txt"}) {
            const auto reply = get(path);
            CPPUNIT_ASSERT_MESSAGE(path, reply.status == 404 || reply.status == 400);
        }
    }
    void theSmallestAcceptedCodingIsSent() {
        const auto brotli = get("/", {{"Accept-Encoding", "gzip, deflate, br"}}).is(200);
        CPPUNIT_ASSERT_EQUAL(std::string("br"), brotli.header("Content-Encoding"));
        CPPUNIT_ASSERT_EQUAL(std::string("smallest"), brotli.body);
        CPPUNIT_ASSERT_EQUAL(std::string("text/html; charset=utf-8"),
                             brotli.header("Content-Type"));
        const auto gzip = get("/", {{"Accept-Encoding", "gzip"}}).is(200);
        CPPUNIT_ASSERT_EQUAL(std::string("gzip"), gzip.header("Content-Encoding"));
        const auto plain = get("/").is(200);
        CPPUNIT_ASSERT(plain.header("Content-Encoding").empty());
        CPPUNIT_ASSERT_EQUAL(std::string("Accept-Encoding"), plain.header("Vary"));
        CPPUNIT_ASSERT(plain.header("ETag") != gzip.header("ETag"));
        get("/index.html.br").isProblem(404, "not_found");
    }
    void whatIsKnownIsNotSentAgain() {
        const auto tag = get("/sw.js").is(200).header("ETag");
        for (const auto& known : {tag, "W/" + tag, "\"x\", " + tag, std::string("*")}) {
            const auto reply = get("/sw.js", {{"If-None-Match", known}}).is(304);
            CPPUNIT_ASSERT(reply.body.empty());
            CPPUNIT_ASSERT_EQUAL(tag, reply.header("ETag"));
        }
        get("/sw.js", {{"If-None-Match", "\"x\""}}).is(200);
        // A connection goes on behind an answer without a body.
        const auto both =
            salon.http().raw("GET /sw.js HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\n\r\n"
                             "GET /sw.js HTTP/1.1\r\nHost: a\r\n\r\n",
                             2);
        both[0].is(304);
        CPPUNIT_ASSERT_EQUAL(std::string("worker"), both[1].is(200).body);
    }
    void partsAreSent() {
        const auto part = get("/assets/app-5f3a.js", {{"Range", "bytes=2-4"}}).is(206);
        CPPUNIT_ASSERT_EQUAL(std::string("234"), part.body);
        CPPUNIT_ASSERT_EQUAL(std::string("bytes 2-4/10"), part.header("Content-Range"));
        const auto beyond = get("/assets/app-5f3a.js", {{"Range", "bytes=10-"}}).is(416);
        CPPUNIT_ASSERT_EQUAL(std::string("bytes */10"), beyond.header("Content-Range"));
        get("/assets/app-5f3a.js", {{"Range", "bytes=0-1"}, {"If-Range", "\"old\""}}).is(200);
        get("/assets/app-5f3a.js", {{"Range", "bytes=0-1"}, {"If-Range", part.header("ETag")}})
            .is(206);
        CPPUNIT_ASSERT_EQUAL(std::string("bytes"), get("/").header("Accept-Ranges"));
    }
    void hashedFilesAreKeptForEver() {
        CPPUNIT_ASSERT_EQUAL(std::string("public, max-age=31536000, immutable"),
                             get("/assets/app-5f3a.js").is(200).header("Cache-Control"));
        CPPUNIT_ASSERT_EQUAL(std::string("no-cache"), get("/sw.js").header("Cache-Control"));
    }
    void everyPageIsGuarded() {
        for (const auto* path : {"/", "/login", "/sw.js", "/assets/app-5f3a.js"}) {
            const auto page = get(path).is(200);
            const auto policy = page.header("Content-Security-Policy");
            CPPUNIT_ASSERT(policy.find("default-src 'self';") != std::string::npos);
            CPPUNIT_ASSERT(policy.find("connect-src 'self';") != std::string::npos);
            CPPUNIT_ASSERT(policy.find("frame-ancestors 'none'") != std::string::npos);
            CPPUNIT_ASSERT(policy.find("unsafe") == std::string::npos);
            CPPUNIT_ASSERT_EQUAL(std::string("nosniff"), page.header("X-Content-Type-Options"));
            CPPUNIT_ASSERT_EQUAL(std::string("no-referrer"), page.header("Referrer-Policy"));
            CPPUNIT_ASSERT_EQUAL(std::string("same-origin"),
                                 page.header("Cross-Origin-Opener-Policy"));
            CPPUNIT_ASSERT(!page.header("Permissions-Policy").empty());
            CPPUNIT_ASSERT(page.header("Strict-Transport-Security").empty());
        }
    }
    void behindTlsTheBrowserIsToldToStayThere() {
        const auto page = get("/", {{"X-Forwarded-Proto", "https"}}).is(200);
        CPPUNIT_ASSERT_EQUAL(std::string("max-age=31536000"),
                             page.header("Strict-Transport-Security"));
    }
    void aFileTakesNothing() {
        for (const auto* path : {"/", "/index.html", "/sw.js"}) {
            const auto refused = salon.http().post(path, "{}").isProblem(405, "method_not_allowed");
            CPPUNIT_ASSERT_EQUAL(std::string("GET, HEAD"), refused.header("Allow"));
            const auto choices = salon.http().call("OPTIONS", path).is(204);
            CPPUNIT_ASSERT_EQUAL(std::string("GET, HEAD"), choices.header("Allow"));
        }
        salon.http().call("OPTIONS", "/login").isProblem(404, "not_found");
        salon.http().del("/login").isProblem(404, "not_found");
    }
    void aNewClientIsReadOnReload() {
        put("index.html", "new");
        put("about.txt", "about");
        CPPUNIT_ASSERT_EQUAL(std::string("<!doctype html>"), get("/").body);
        salon.signal(SIGHUP);
        salon.logged("files=4");
        CPPUNIT_ASSERT_EQUAL(std::string("new"), get("/").body);
        get("/about.txt").is(200);
    }
    void aBrokenClientChangesNothing() {
        std::filesystem::remove(root() + "/index.html");
        salon.signal(SIGHUP);
        salon.logged("no index.html");
        get("/").is(200);
        std::filesystem::remove_all(root());
        salon.signal(SIGHUP);
        salon.logged("web.root is not there");
        get("/").is(200);
    }
    void aFileThatManyAreSlowToTakeIsInMemoryOnce() {
        putLarge();
        const auto before = residentBytes();
        std::list<salon::wire::RawConnection> slow;
        for (const auto* range : {"", "Range: bytes=1-\r\n"}) {
            for (int i = 0; i < 32; ++i) {
                slow.emplace_back(salon.port(), 4096);
                slow.back().send(std::string("GET /large HTTP/1.1\r\nHost: a\r\n") + range +
                                 "\r\n");
                slow.back().bytes(1);
            }
        }
        CPPUNIT_ASSERT(residentBytes() < before + 8 * large);
    }
    void theNextRequestIsReadWhenTheAnswerIsNearlyTaken() {
        putLarge();
        std::list<salon::wire::RawConnection> slow;
        const std::string request = "GET /large HTTP/1.1\r\nHost: a\r\n\r\n";
        for (int i = 0; i < 8; ++i) {
            slow.emplace_back(salon.port(), 65536);
            slow.back().send(request + request + request);
            slow.back().bytes(1);
        }
        get("/sw.js").is(200);
        salon.logged("path=/sw.js");
        const auto log = salon.log();
        std::size_t answers = 0;
        for (auto at = log.find("path=/large"); at != std::string::npos; ++answers) {
            at = log.find("path=/large", at + 1);
        }
        CPPUNIT_ASSERT_EQUAL(slow.size(), answers);
        slow.front().bytes(3 * large);
    }

private:
    static constexpr std::size_t large = std::size_t{4} << 20;

    void putLarge() {
        put("large", std::string(large, 'x'));
        salon.signal(SIGHUP);
        salon.logged("files=4");
    }
    std::size_t residentBytes() {
        std::ifstream file("/proc/" + std::to_string(salon.pid()) + "/statm");
        std::size_t pages = 0;
        file >> pages >> pages;
        CPPUNIT_ASSERT(pages > 0);
        return pages * 4096;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(WebTest);
