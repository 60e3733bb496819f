#include "ChildProcess.h"
#include "MariaServer.h"
#include "Talk.h"

#include <optional>

using namespace salon::wire;
using salon::test::MariaServer;

/// The way to the database server is encrypted, and only who was asked for is at its end.
class StoreTlsTest : public Talk {
    CPPUNIT_TEST_SUITE(StoreTlsTest);
    CPPUNIT_TEST(anEncryptedStoreIsAStoreLikeAnyOther);
    CPPUNIT_TEST(aServerThatAsksForTlsIsNotReachedWithoutIt);
    CPPUNIT_TEST(anUnknownAuthorityIsRefused);
    CPPUNIT_TEST(aCertificateForAnotherNameIsRefused);
    CPPUNIT_TEST(aFileThatIsMissingIsNamed);
    CPPUNIT_TEST(aServerWithoutTlsIsRefused);
    CPPUNIT_TEST(aServerMayAskForACertificate);
    CPPUNIT_TEST_SUITE_END();

    salon::test::TemporaryFolder _folder;
    std::optional<MariaServer> _server;
    std::string _database;

    std::string file(const std::string& name) const { return _folder.file(name); }

    void openssl(std::vector<std::string> arguments) const {
        salon::test::ChildProcess process(
            {"/usr/bin/openssl", std::move(arguments), _folder.path()});
        const auto code = process.wait(std::chrono::seconds(60));
        CPPUNIT_ASSERT_MESSAGE(process.errors(), code == 0);
    }
    /// NAME.pem and NAME.key: an authority of its own.
    void makeAuthority(const std::string& name) const {
        openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                 "-keyout", name + ".key", "-out", name + ".pem", "-days", "2", "-subj",
                 "/CN=" + name});
    }
    /// NAME.pem and NAME.key: for who is called so, signed by an authority.
    void makeCertificate(const std::string& name, const std::string& subject,
                         const std::string& authority) const {
        openssl(
            {"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
             name + ".key", "-out", name + ".csr", "-subj", "/CN=" + subject, "-addext",
             "subjectAltName=" + std::string(subject == "127.0.0.1" ? "IP:" : "DNS:") + subject});
        openssl({"x509", "-req", "-in", name + ".csr", "-CA", authority + ".pem", "-CAkey",
                 authority + ".key", "-CAcreateserial", "-days", "2", "-copy_extensions", "copy",
                 "-out", name + ".pem"});
    }
    /// @param demand what asks for TLS
    void startServer(const std::string& certificate,
                     const std::string& demand = "SET GLOBAL require_secure_transport = ON") {
        _server.emplace(
            MariaServer::Setup{.arguments = {"--ssl-ca=" + file("authority.pem"),
                                             "--ssl-cert=" + file(certificate + ".pem"),
                                             "--ssl-key=" + file(certificate + ".key")}});
        _database = _server->createDatabase();
        _server->execute(demand);
    }
    std::string url(const std::string& options) const { return _server->url(_database) + options; }
    std::string verified() const { return "?ssl=verify&ssl-ca=" + file("authority.pem"); }
    /// The start with these options fails, with both words in its last sentence.
    void isRefused(const std::string& options, const std::string& what, const std::string& advice) {
        const auto outcome = salon.runHere({}, {{"store.url", url(options)}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.errors, 1, outcome.code);
        for (const auto& words : {std::string("store.url names the "), what, advice}) {
            CPPUNIT_ASSERT_MESSAGE("`" + words + "` is missing: " + outcome.errors,
                                   outcome.errors.find(words) != std::string::npos);
        }
    }
    void talk(const std::string& options) {
        salon.start({{"store.url", url(options)}});
        auto [alice, bob] = couple();
        alice.send(bob, "salut");
        shows(bob.sees("dm"), "content", "salut");
        salon.verifyStore();
    }

public:
    void setUp() override {
        makeAuthority("authority");
        makeCertificate("server", "127.0.0.1", "authority");
    }

    void anEncryptedStoreIsAStoreLikeAnyOther() {
        startServer("server");
        talk(verified());
    }

    void aServerThatAsksForTlsIsNotReachedWithoutIt() {
        startServer("server");
        isRefused("", "Access denied", "add ?ssl=verify if the server asks for TLS");
        isRefused("?ssl=off", "Access denied", "add ?ssl=verify if the server asks for TLS");
        talk("?ssl=required");
    }

    void anUnknownAuthorityIsRefused() {
        makeAuthority("stranger");
        startServer("server");
        for (const auto& options :
             {"?ssl=verify&ssl-ca=" + file("stranger.pem"), std::string("?ssl=verify")}) {
            isRefused(options, "certificate", "check the ssl options of store.url");
        }
    }

    void aCertificateForAnotherNameIsRefused() {
        makeCertificate("other", "db.example.org", "authority");
        startServer("other");
        isRefused(verified(), "certificate", "check the ssl options of store.url");
        talk("?ssl=required");
    }

    void aFileThatIsMissingIsNamed() {
        startServer("server");
        isRefused("?ssl=verify&ssl-ca=" + file("nothing.pem"), file("nothing.pem") + " as ssl-ca",
                  "it cannot be read (No such file");
    }

    void aServerWithoutTlsIsRefused() {
        _server.emplace();
        _database = _server->createDatabase();
        for (const auto* options : {"?ssl=verify", "?ssl=required"}) {
            isRefused(options, "TLS", "check the ssl options of store.url");
        }
    }

    void aServerMayAskForACertificate() {
        makeCertificate("client", "salon", "authority");
        startServer("server", "ALTER USER 'salon'@'%' REQUIRE X509");
        isRefused(verified(), "Access denied", "ssl-cert and ssl-key");
        talk(verified() + "&ssl-cert=" + file("client.pem") + "&ssl-key=" + file("client.key"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(StoreTlsTest);
