#include "Talk.h"

#include <Poco/Data/Session.h>
#include <Poco/RegularExpression.h>

namespace salon::wire {

void Talk::restartWith(const std::string& key, const std::string& value) {
    auto all = defines();
    all[key] = value;
    if (salon.running()) salon.stop();
    salon.start(all);
}

Couple Talk::couple() {
    return {connected("alice"), connected("bob")};
}

Person Talk::connected(const std::string& name) {
    Person person(salon, name);
    person.connect();
    return person;
}

std::string Talk::path(std::int64_t conversation, const std::string& rest) {
    return "/api/v1/conversations/" + std::to_string(conversation) + rest;
}

Json Talk::messages(const Person& reader, std::int64_t conversation, const std::string& query) {
    return reader.http().get(path(conversation, "/messages" + query)).is(200).json();
}

Json Talk::changes(const Person& reader, std::int64_t conversation, std::int64_t since) {
    const auto query = "/changes?since=" + std::to_string(since);
    return reader.http().get(path(conversation, query)).is(200).json();
}

Json Talk::overview(const Person& reader, std::int64_t conversation) {
    return reader.http().get(path(conversation)).is(200).json();
}

Reply Talk::post(const Person& sender, std::int64_t conversation, const std::string& id,
                 const std::string& content, const std::string& members) {
    return sender.http().post(path(conversation, "/messages"),
                              "{\"id\":" + jsonString(id) + ",\"content\":" + jsonString(content) +
                                  members + "}");
}

Json Talk::sendAll(Person& sender, const Person& to, const std::vector<std::string>& texts) {
    Json ack;
    for (const auto& text : texts) ack = sender.send(to, text);
    return ack;
}

Json Talk::refused(Person& person, const std::string& members, const std::string& code) {
    auto answer = person.ask(members);
    shows(answer, "type", "error");
    shows(answer, "code", code);
    CPPUNIT_ASSERT_MESSAGE(answer.dump(), !answer.text("message").empty());
    return answer;
}

void Talk::execute(const std::string& sql) {
    auto session = salon.openStore();
    session << sql, Poco::Data::Keywords::now;
}

std::int64_t Talk::count(const std::string& sql) {
    auto session = salon.openStore();
    Poco::Int64 number = 0;
    session << sql, Poco::Data::Keywords::into(number), Poco::Data::Keywords::now;
    return number;
}

void Talk::makeRole(const Person& person, const std::string& role) {
    salon.kill(); // it would wait for people to answer its close frames
    execute("UPDATE user_account SET role = '" + role +
            "' WHERE id = " + std::to_string(person.id()));
    salon.restart();
}

void shows(const Json& value, const std::string& member, std::int64_t number) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(member + " of " + value.dump(), number, value.number(member));
}

void shows(const Json& value, const std::string& member, const std::string& text) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(member + " of " + value.dump(), text, value.text(member));
}

std::string numbers(const std::vector<Json>& list, const std::string& member) {
    std::string all;
    for (const auto& element : list) {
        all += (all.empty() ? "" : " ") + std::to_string(element.number(member));
    }
    return all;
}

std::string texts(const std::vector<Json>& list, const std::string& member) {
    std::string all;
    for (const auto& element : list) all += (all.empty() ? "" : " ") + element.text(member);
    return all;
}

std::string counting(std::int64_t first, std::int64_t last) {
    std::string all;
    for (auto i = first; i <= last; ++i) all += (all.empty() ? "" : " ") + std::to_string(i);
    return all;
}

bool isTime(const std::string& text) {
    static const Poco::RegularExpression shape(
        "20\\d\\d-[01]\\d-[0-3]\\dT[0-2]\\d:[0-5]\\d:[0-5]\\d\\.\\d\\d\\dZ");
    return shape.match(text);
}

} // namespace salon::wire
