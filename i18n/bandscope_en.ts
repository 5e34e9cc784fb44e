<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
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
        <source>%n pairs</source>
        <translation>
            <numerusform>%n pair</numerusform>
            <numerusform>%n pairs</numerusform>
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
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bandscope::app::PairsTab</name>
    <message numerus="yes">
        <source>Steps %1 to %2: %n pairs, most displaced first. A pair's change is from the reference.</source>
        <translation>
            <numerusform>Steps %1 to %2: %n pair, most displaced first. A pair's change is from the reference.</numerusform>
            <numerusform>Steps %1 to %2: %n pairs, most displaced first. A pair's change is from the reference.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Step %1: %n pairs, most displaced first. A pair's change is from the reference.</source>
        <translation>
            <numerusform>Step %1: %n pair, most displaced first. A pair's change is from the reference.</numerusform>
            <numerusform>Step %1: %n pairs, most displaced first. A pair's change is from the reference.</numerusform>
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
</TS>
