package dev.countersign.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.http.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// What comes of the operations of a PATCH. In the tables `'` is written for `"`.
final class PatchTest {
    private static final String USER = """
            {'userName':'u','externalId':'e','active':true,'name':{'givenName':'A','familyName':'B'},
             'emails':[{'value':'w@x','type':'work'},{'value':'h@x','type':'home'}]}""";
    private static final String GROUP = "{'displayName':'g','members':[{'value':'1'},{'value':'2'}]}";

    private static ObjectNode json(String written) {
        return (ObjectNode) Json.read(written.replace('\'', '"'));
    }

    private static ObjectNode applied(ResourceType type, String to, String operations) {
        var patch = Patch.read(type, json("{'Operations':[" + operations + "]}"));
        var before = json(to);
        var now = patch.applied(before);
        assertThat(before).as("stays as it is").isEqualTo(json(to));
        return Resource.read(type, now);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'op':'replace','path':'active','value':false} | {'active':false}",
                "{'op':'Replace','path':'Active','value':'False'} | {'active':false}",
                "{'op':'REPLACE','value':{'ACTIVE':'false'}} | {'active':false}",
                "{'op':'add','path':'urn:ietf:params:scim:schemas:core:2.0:User:active','value':'fALSE'} | {'active':false}",
                "{'op':'replace','path':'displayName','value':'D'} | {'displayName':'D'}",
                "{'op':'add','value':{'displayName':'D','externalId':'f'}} | {'displayName':'D','externalId':'f'}",
                "{'op':'replace','path':'name','value':{'familyName':'C'}} | {'name':{'givenName':'A','familyName':'C'}}",
                "{'op':'replace','path':'name.familyName','value':'C'} | {'name':{'givenName':'A','familyName':'C'}}",
                "{'op':'replace','value':{'name.familyName':'C'}} | {'name':{'givenName':'A','familyName':'C'}}",
                "{'op':'remove','path':'name.familyName'} | {'name':{'givenName':'A'}}",
                "{'op':'replace','path':'emails[type eq \\'work\\'].value','value':'n@x'} | {'emails':[{'value':'n@x','type':'work'},{'value':'h@x','type':'home'}]}",
                "{'op':'add','path':'emails[type eq \\'other\\'].value','value':'n@x'} | {'emails':[{'value':'w@x','type':'work'},{'value':'h@x','type':'home'},{'type':'other','value':'n@x'}]}",
                "{'op':'remove','path':'emails[type EQ \\'WORK\\' and value eq \\'w@x\\']'} | {'emails':[{'value':'h@x','type':'home'}]}",
                "{'op':'add','path':'emails','value':{'value':'n@x'}} | {'emails':[{'value':'w@x','type':'work'},{'value':'h@x','type':'home'},{'value':'n@x'}]}",
                "{'op':'replace','path':'emails','value':[{'value':'n@x'}]} | {'emails':[{'value':'n@x'}]}",
                "{'op':'replace','path':'title','value':'T'} | {}",
                "{'op':'add','path':'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department','value':'T'} | {}",
                "{'op':'add','value':{'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User':{'department':'T'}}} | {}",
                "{'op':'add','path':'addresses[type eq \\'work\\'].formatted','value':'T'} | {}",
                "{'op':'replace','value':{'id':'x','schemas':[],'meta':{}}} | {}",
                "{'op':'remove','path':'displayName'} | {}"
            })
    void an_operation_on_a_user_changes_what_it_names(String operation, String changes) {
        var wanted = json(USER);
        wanted.setAll(json(changes));
        assertThat(applied(ResourceType.USER, USER, operation)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'op':'add','path':'members','value':[{'value':'2'},{'value':'3','display':'x'}]} | 1 2 3",
                "{'op':'Add','path':'members','value':[{'$ref':null,'value':'3'}]} | 1 2 3",
                "{'op':'add','value':{'members':[{'value':'3'}]}} | 1 2 3",
                "{'op':'replace','path':'members','value':[{'value':'3'}]} | 3",
                "{'op':'replace','value':{'members':[]}} | ``",
                "{'op':'remove','path':'members[value eq \\'1\\']'} | 2",
                "{'op':'Remove','path':'members','value':[{'value':'1'}]} | 2",
                "{'op':'Remove','path':'members','value':{'value':'9'}} | 1 2",
                "{'op':'remove','path':'members'} | ``",
                "{'op':'remove','path':'members[value eq \\'9\\']'} | 1 2",
                "{'op':'remove','path':'members[value eq \\'1\\']'},{'op':'add','path':'members','value':[{'value':'1'}]} | 2 1"
            })
    void members_come_and_go(String operations, String wanted) {
        var members = applied(ResourceType.GROUP, GROUP, operations)
                .path("members")
                .valueStream()
                .map(it -> it.path("value").stringValue(""))
                .toList();
        assertThat(String.join(" ", members)).isEqualTo(wanted);
    }

    @Test
    void ids_are_compared_exactly() {
        var group = "{'displayName':'g','members':[{'value':'a'},{'value':'A'}]}";
        assertThat(applied(ResourceType.GROUP, group, "{'op':'remove','path':'members[value eq \\'A\\']'}")
                        .path("members")
                        .size())
                .isEqualTo(1);
        assertThat(applied(ResourceType.GROUP, group, "{'op':'remove','path':'members','value':[{'value':'a'}]}")
                        .path("members")
                        .size())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'Operations':{}}",
                "{'Operations':[7]}",
                "{'Operations':[{'op':'drop','path':'active'}]}",
                "{'Operations':[],'operations':[]}"
            })
    void what_is_no_patch_is_refused(String body) {
        assertThatThrownBy(() -> Patch.read(ResourceType.USER, json(body))).isInstanceOf(ScimFault.class);
    }
}
