#pragma once

#include "store/DatabaseStore.h"
#include "store/StoreFixture.h"

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

// A small plugin's tables and writes, which keep a journal of all that a lane does with them.

namespace storetest {

/// note(id, text): a text that begins with "bad" is refused by the table, and "gate" waits.
class NoteWrite final : public salon::Write {
public:
    NoteWrite(Journal& journal, std::int64_t id, std::string text)
        : id(id), text(std::move(text)), _journal(journal) {}
    void finish(const salon::Error* failure) override {
        _journal.add("finish " + std::to_string(id) + " " +
                     (failure ? salon::describe(failure->code).word : "stored"));
        if (text == "throws at the end") throw std::runtime_error("after the fact");
    }
    const std::int64_t id;
    const std::string text;

private:
    Journal& _journal;
};

class NoteGroup final : public salon::WriteGroup {
public:
    NoteGroup(Journal& journal, Gate& gate) : _journal(journal), _gate(gate) {}

    void prepare(Session&, std::span<salon::Write* const> writes) override {
        _journal.add("prepare " + std::to_string(writes.size()));
        for (auto* write : writes) {
            if (note(write).text == "unprepared") throw std::runtime_error("not prepared");
        }
    }
    void apply(Session& session, std::span<salon::Write* const> writes) override {
        _journal.add("apply " + std::to_string(writes.size()));
        auto& bulk =
            session.bulk<Poco::Int64, std::string>("INSERT INTO note (id, text) VALUES (?, ?)");
        for (auto* write : writes) {
            if (note(write).text == "gate") _gate.pass();
            bulk.add(note(write).id, note(write).text);
            if (note(write).text == "throws before the bulk") throw std::runtime_error("half way");
        }
        bulk.execute();
    }
    void committed() override { _journal.add("committed"); }
    void rolledBack() override { _journal.add("rolledBack"); }

private:
    static const NoteWrite& note(salon::Write* write) { return static_cast<NoteWrite&>(*write); }
    Journal& _journal;
    Gate& _gate;
};

constexpr salon::Migration noteSchema[] = {
    {1, "001_note",
     "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL CHECK (text NOT LIKE 'bad%'));",
     nullptr},
    {0, nullptr, nullptr, nullptr}};

/// A started store with the table note, one lane and the group of notes.
class NoteStore {
public:
    explicit NoteStore(std::size_t laneQueue = 16384) {
        auto faulty = std::make_unique<FaultyDatabase>(folder.file("salon.db"), log);
        database = faulty.get();
        store = std::make_unique<salon::store::DatabaseStore>(std::move(faulty), laneQueue, log);
        store->migrate("note", noteSchema);
        group = store->addGroup([this] { return std::make_unique<NoteGroup>(journal, gate); });
        store->start();
    }
    ~NoteStore() { gate.open(); }

    bool submit(std::int64_t id, std::string text) {
        return static_cast<bool>(
            store->submit(group, 0, std::make_unique<NoteWrite>(journal, id, std::move(text))));
    }
    /// Keeps the lane busy with note 0, so that what is submitted now becomes one batch.
    void hold() {
        CPPUNIT_ASSERT(submit(0, "gate"));
        gate.waitUntilHeld();
    }
    std::int64_t number(const char* sql) {
        return store->read(
            [&](Session& session) { return std::get<0>(*session.first<Poco::Int64>(sql)); });
    }
    std::int64_t notes() { return number("SELECT COUNT(*) FROM note WHERE id > 0"); }
    std::int64_t batch() { return number("SELECT batch FROM lane WHERE name = 'lane-0'"); }

    Folder folder;
    JournalLog log;
    Journal journal;
    Gate gate;
    FaultyDatabase* database = nullptr;
    salon::Store::Group group = 0;
    std::unique_ptr<salon::store::DatabaseStore> store;
};

} // namespace storetest
