<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>DataPanel</name>
    <message numerus="yes">
        <source>%1 pairs</source>
        <translation>
            <numerusform>%1 pair</numerusform>
            <numerusform>%1 pairs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>above 80 % in %1 pairs</source>
        <translation>
            <numerusform>above 80 % in %1 pair</numerusform>
            <numerusform>above 80 % in %1 pairs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 rows are skipped</source>
        <translation>
            <numerusform>%1 row is skipped</numerusform>
            <numerusform>%1 rows are skipped</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 pairs are longer than %2 tokens and are cut</source>
        <translation>
            <numerusform>%1 pair is longer than %2 tokens and is cut</numerusform>
            <numerusform>%1 pairs are longer than %2 tokens and are cut</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 pairs have the same text as chosen and rejected</source>
        <translation>
            <numerusform>%1 pair has the same text as chosen and rejected</numerusform>
            <numerusform>%1 pairs have the same text as chosen and rejected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ModelSummary</name>
    <message numerus="yes">
        <source>%1 in %n files</source>
        <translation>
            <numerusform>%1 in %n file</numerusform>
            <numerusform>%1 in %n files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QueueStrings</name>
    <message numerus="yes">
        <source>%n runs are in the queue for %1 now, from number %2 on.</source>
        <translation>
            <numerusform>%n run is in the queue for %1 now, as number %2.</numerusform>
            <numerusform>%n runs are in the queue for %1 now, from number %2 on.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n runs start when %1 is free.</source>
        <translation>
            <numerusform>%n run starts when %1 is free.</numerusform>
            <numerusform>%n runs start when %1 is free.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n runs start now.</source>
        <translation>
            <numerusform>%n run starts now.</numerusform>
            <numerusform>%n runs start now.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WhatWillRun</name>
    <message numerus="yes">
        <source>%n runs: %1</source>
        <translation>
            <numerusform>%n run: %1</numerusform>
            <numerusform>%n runs: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 pairs</source>
        <translation>
            <numerusform>%1 pair</numerusform>
            <numerusform>%1 pairs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bandscope::app::AnswerForm</name>
    <message numerus="yes">
        <source>%n models</source>
        <translation>
            <numerusform>%n model</numerusform>
            <numerusform>%n models</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bandscope::app::AnswerLog</name>
    <message numerus="yes">
        <source>%n tokens</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bandscope::app::ConnectionTest</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: %n run(s)</source>
        <translation>
            <numerusform>%1: %n run</numerusform>
            <numerusform>%1: %n runs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bandscope::app::LaunchPage</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bandscope::app::PageHeader</name>
    <message numerus="yes">
        <source>%n runs</source>
        <translation>
            <numerusform>%n run</numerusform>
            <numerusform>%n runs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more in the queue</source>
        <translation>
            <numerusform>%n more in the queue</numerusform>
            <numerusform>%n more in the queue</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bandscope::app::PairExample</name>
    <message numerus="yes">
        <source>%n tokens, not scored</source>
        <translation>
            <numerusform>%n token, not scored</numerusform>
            <numerusform>%n tokens, not scored</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tokens, scored</source>
        <translation>
            <numerusform>%n token, scored</numerusform>
            <numerusform>%n tokens, scored</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cut off</source>
        <translation>
            <numerusform>%n cut off</numerusform>
            <numerusform>%n cut off</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bandscope::app::PairTextView</name>
    <message numerus="yes">
        <source>%n tokens, mean %1 → %2 (%3)</source>
        <translation>
            <numerusform>%n token, mean %1 → %2 (%3)</numerusform>
            <numerusform>%n tokens, mean %1 → %2 (%3)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bandscope::app::PairsTab</name>
    <message numerus="yes">
        <source>Steps %1 to %2: %n pairs.</source>
        <translation>
            <numerusform>Steps %1 to %2: %n pair.</numerusform>
            <numerusform>Steps %1 to %2: %n pairs.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Step %1: %n pairs.</source>
        <translation>
            <numerusform>Step %1: %n pair.</numerusform>
            <numerusform>Step %1: %n pairs.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more are in one of the runs only.</source>
        <translation>
            <numerusform>%n more is in one of the runs only.</numerusform>
            <numerusform>%n more are in one of the runs only.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pairs saved to %1</source>
        <translation>
            <numerusform>%n pair saved to %1</numerusform>
            <numerusform>%n pairs saved to %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pairs copied</source>
        <translation>
            <numerusform>%n pair copied</numerusform>
            <numerusform>%n pairs copied</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bandscope::app::ProblemBar</name>
    <message numerus="yes">
        <source>%1 (%n more)</source>
        <translation>
            <numerusform>%1 (%n more)</numerusform>
            <numerusform>%1 (%n more)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bandscope::app::QueuePanel</name>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n waiting</numerusform>
            <numerusform>%n waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n at once</source>
        <translation>
            <numerusform>%n at once</numerusform>
            <numerusform>%n at once</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>remove %n runs from the queue</source>
        <translation>
            <numerusform>remove %n run from the queue</numerusform>
            <numerusform>remove %n runs from the queue</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n paused</source>
        <translation>
            <numerusform>%n paused</numerusform>
            <numerusform>%n paused</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bandscope::app::RunChips</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bandscope::app::RunEdits</name>
    <message numerus="yes">
        <source>%n runs</source>
        <translation>
            <numerusform>%n run</numerusform>
            <numerusform>%n runs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>One note on %n runs</source>
        <translation>
            <numerusform>Note on %n run</numerusform>
            <numerusform>One note on %n runs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %n runs to the trash?</source>
        <translation>
            <numerusform>Move %n run to the trash?</numerusform>
            <numerusform>Move %n runs to the trash?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Remove %n runs from the queue?</source>
        <translation>
            <numerusform>Remove %n run from the queue?</numerusform>
            <numerusform>Remove %n runs from the queue?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them wait and are removed from the queue.</source>
        <translation>
            <numerusform>%n of them waits and is removed from the queue.</numerusform>
            <numerusform>%n of them wait and are removed from the queue.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n other runs in its folder stay where they are: %1</source>
        <translation>
            <numerusform>%n other run in its folder stays where it is: %1</numerusform>
            <numerusform>%n other runs in its folder stay where they are: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %n runs on %1 to the trash there?</source>
        <translation>
            <numerusform>Move %n run on %1 to the trash there?</numerusform>
            <numerusform>Move %n runs on %1 to the trash there?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them are on %1 and go into the trash there.</source>
        <translation>
            <numerusform>%n of them is on %1 and goes into the trash there.</numerusform>
            <numerusform>%n of them are on %1 and go into the trash there.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bandscope::app::RunsTable</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bandscope::app::ServerQueueView</name>
    <message numerus="yes">
        <source>%n at once</source>
        <translation>
            <numerusform>%n at once</numerusform>
            <numerusform>%n at once</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bandscope::app::SweepModel</name>
    <message numerus="yes">
        <source>%n run(s): %1</source>
        <translation>
            <numerusform>%n run: %1</numerusform>
            <numerusform>%n runs: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bandscope::app::TokenLegend</name>
    <message numerus="yes">
        <source>%n tokens change more, by up to %1 nats: they are underlined. The scale is that of 95 % of the tokens without the last of each response.</source>
        <translation>
            <numerusform>%n token changes more, by up to %1 nats: it is underlined. The scale is that of 95 % of the tokens without the last of each response.</numerusform>
            <numerusform>%n tokens change more, by up to %1 nats: they are underlined. The scale is that of 95 % of the tokens without the last of each response.</numerusform>
        </translation>
    </message>
</context>
</TS>
