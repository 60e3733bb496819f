#include "Daemon.h"

#include "Deadline.h"
#include "MariaServer.h"
#include "Person.h"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/NumberParser.h>
#include <cppunit/TestAssert.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>

namespace salon::wire {

namespace {

const char* const program = SALON_BUILD "/salond";
/// A server makes some thirty tables and indexes, of which each is synchronized.
constexpr std::chrono::milliseconds startPatience{60'000};
constexpr std::string_view ready = "listening on http://127.0.0.1:";

Daemon::Outcome toItsEnd(const std::filesystem::path& folder, std::vector<std::string> arguments,
                         std::vector<std::string> environment,
                         const std::filesystem::path& input = "/dev/null") {
    test::ChildProcess::Start start{program, std::move(arguments), folder, std::move(environment)};
    start.input = input;
    test::ChildProcess process(start);
    const auto code = process.wait(startPatience);
    if (!code) CPPUNIT_FAIL("salond did not end; it printed:\n" + process.errors());
    return {*code, process.output(), process.errors()};
}

} // namespace

Daemon::~Daemon() {
    if (running() && std::uncaught_exceptions() > 0) tellLog();
}

std::vector<std::string> Daemon::arguments(const Defines& extra) {
    Defines defines{
        {"http.address", "127.0.0.1"},
        {"http.port", "0"},
        {"store.url", storeUrl()},
        {"auth.key_file", folder().file("salon.key")},
        {"auth.register_limit", "0"},
        {"metrics.port", "0"},
        {"plugins.directory", SALON_BUILD "/plugins"},
    };
    for (const auto& [key, value] : extra) defines[key] = value;
    // A file of its own, so that none of this machine is read.
    const auto file = folder().file("salond.properties");
    std::ofstream(file, std::ios::app).flush();
    std::vector<std::string> arguments{"--config", file};
    for (const auto& [key, value] : defines) {
        arguments.emplace_back("--define");
        arguments.push_back(std::string(key).append("=").append(value));
    }
    return arguments;
}

void Daemon::start(Defines extra) {
    _extra = std::move(extra);
    restart();
}

void Daemon::restart() {
    _told = 0;
    _process = std::make_unique<test::ChildProcess>(
        test::ChildProcess::Start{program, arguments(_extra), folder().path()});
    const auto line = logged(ready, startPatience);
    const auto digits = line.substr(line.find(ready) + ready.size());
    _port = static_cast<std::uint16_t>(Poco::NumberParser::parseUnsigned(
        digits.substr(0, digits.find_first_not_of("0123456789"))));
}

std::string Daemon::logged(std::string_view text, std::chrono::milliseconds within) {
    try {
        return _process->waitForLine(text, within);
    } catch (const std::runtime_error& e) {
        CPPUNIT_FAIL(e.what());
    }
}

int Daemon::stop() {
    _process->signal(SIGTERM);
    const auto code = _process->wait(test::patience);
    if (!code) CPPUNIT_FAIL("salond does not stop; its log:\n" + log());
    if (*code != 0) tellLog();
    _process.reset();
    return *code;
}

void Daemon::kill() {
    _process.reset();
}

void Daemon::end() {
    kill();
    _folder.reset();
    if (!_database.empty()) test::MariaServer::shared().dropDatabase(_database);
    _database.clear();
}

bool Daemon::onServer() {
    const auto* const store = std::getenv("SALON_TEST_STORE");
    return store && std::string_view(store) == "mysql";
}

std::string Daemon::storeUrl() {
    if (!onServer()) return "sqlite:" + database();
    auto& server = test::MariaServer::shared();
    if (_database.empty()) _database = server.createDatabase();
    return server.url(_database);
}

Poco::Data::Session Daemon::openStore() {
    if (onServer()) {
        Poco::Data::Session session("MySQL", test::MariaServer::shared().pocoConnection(_database));
        session << "SET sql_mode = CONCAT(@@sql_mode, ',PIPES_AS_CONCAT'), "
                   "max_recursive_iterations = 10000000",
            Poco::Data::Keywords::now;
        return session;
    }
    Poco::Data::SQLite::Connector::registerConnector();
    return {"SQLite", database()};
}

const test::TemporaryFolder& Daemon::folder() {
    if (!_folder) _folder = std::make_unique<test::TemporaryFolder>();
    return *_folder;
}

Person Daemon::person(const std::string& name) {
    return Person(*this, name);
}

Daemon::Outcome Daemon::run(std::vector<std::string> arguments,
                            std::vector<std::string> environment) {
    const test::TemporaryFolder folder;
    return toItsEnd(folder.path(), std::move(arguments), std::move(environment));
}

Daemon::Outcome Daemon::runHere(std::vector<std::string> more, const Defines& extra,
                                std::vector<std::string> environment, const std::string& input) {
    auto all = arguments(extra);
    all.insert(all.end(), more.begin(), more.end());
    std::filesystem::path file = "/dev/null";
    if (!input.empty()) {
        file = folder().file("input");
        std::ofstream(file) << input;
    }
    return toItsEnd(folder().path(), std::move(all), std::move(environment), file);
}

void Daemon::verifyStore() {
    const auto outcome = runHere({"--verify-store"}, _extra);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.output + outcome.errors, 0, outcome.code);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.output, std::string::npos, outcome.output.find("WRONG"));
}

void Daemon::tellLog() {
    const auto all = log();
    std::cerr << "\nThe daemon's log:\n" << all.substr(std::min(_told, all.size())) << std::flush;
    _told = all.size();
}

} // namespace salon::wire
