// Made by `npm run schemas`: not to be edited.
// @ts-nocheck
// biome-ignore-all format lint assist: made by a program
export const validate = validate10;
export default validate10;
const schema11 = {"$schema":"http://json-schema.org/draft-07/schema#","title":"a map with name, params, stages","description":"A bloodline pipeline: stages that make artifacts from artifacts.","type":"object","properties":{"name":{"type":"string","title":"a text","description":"For people.","pattern":"\\S"},"seed":{"type":"integer","title":"a whole number from 0 up","description":"Each stage that draws gets a seed made of this one and its name.","minimum":0,"default":0},"params":{"type":"object","title":"a map of values","description":"Every knob that a profile or --param may turn; used in stages as \"${name}\".","propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"}},"profiles":{"type":"object","title":"a map of profiles","description":"bloodline run --profile NAME: other values for some params.","additionalProperties":{"type":"object","title":"a map of values for params"}},"gates":{"type":"object","title":"a map of gates","description":"What the metrics of a run must be for it to end with exit code 0; else it is 4.","propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"},"additionalProperties":{"type":"object","title":"a map with stage, metric and a limit","properties":{"stage":{"type":"string","title":"a stage","description":"A stage or one of its instances; of the instances of a matrix the best counts."},"metric":{"type":"string","title":"the name of a metric","pattern":"\\S"},"min":{"type":"number","title":"a number","description":"It must be at least this."},"max":{"type":"number","title":"a number","description":"It must be at most this."},"max-drop":{"type":"number","title":"a number from 0 up","description":"So much worse than the champion it may be, for a metric of which more is better.","minimum":0}},"required":["stage","metric"],"additionalProperties":false}},"schedules":{"type":"object","title":"a map of schedules","description":"bloodline run --if-due NAME: runs when it is time.","propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"},"additionalProperties":{"type":"object","title":"a map with cron","properties":{"cron":{"type":"string","title":"a cron pattern such as \"0 2 * * *\""},"timezone":{"type":"string","title":"a time zone such as Europe/Berlin","description":"Default: UTC."},"profile":{"type":"string","title":"the name of a profile"},"catch-up":{"enum":["last","none","all"],"title":"last, none or all","description":"Times that were missed: run once for the last (default), not at all, or once for each."},"overlap":{"enum":["refuse","queue"],"title":"refuse or queue","description":"Where the one before still runs: do nothing (default), or wait for its end."},"keep":{"type":"object","title":"a map with size, age or both","description":"What the store may come to: after each run of the schedule results and pages that nothing needs go, the oldest first, as by bloodline gc.","properties":{"size":{"type":"string","title":"a size such as 20GB","pattern":"^(\\d+(?:\\.\\d+)?)\\s*([kmgtKMGT]?)[bB]?$"},"age":{"type":"string","title":"an age such as 90d","pattern":"^(\\d+(?:\\.\\d+)?)([mhdw])$"}},"minProperties":1,"additionalProperties":false}},"required":["cron"],"additionalProperties":false}},"notify":{"type":"object","title":"a map of notifications","description":"Whom to tell how a run of a schedule ended.","propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"},"additionalProperties":{"type":"object","title":"a map with webhook or command","properties":{"on":{"type":"array","title":"a list of failed, gates, data, done","description":"failed: a stage failed, or nothing could be run. gates: one is not met. data: a file, folder or address that a stage reads is another than in the last run. done: always. Default: failed, gates and data.","minItems":1,"items":{"enum":["failed","gates","data","done"],"title":"failed, gates, data or done"}},"webhook":{"type":["string","object"],"title":"an http(s) address, or { env: NAME }","description":"Gets a POST of JSON, whose `text` says it in words. { env: NAME } takes an address that is a secret from a variable of the environment.","pattern":"^https?://","properties":{"env":{"type":"string","title":"the name of an environment variable","pattern":"^[A-Za-z_][A-Za-z0-9_]*$"}},"required":["env"],"additionalProperties":false},"secret-header":{"type":"object","title":"a map with name and env","description":"A header of the request whose value is a variable of the environment.","properties":{"name":{"type":"string","title":"the name of a header","pattern":"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"},"env":{"type":"string","title":"the name of an environment variable","pattern":"^[A-Za-z_][A-Za-z0-9_]*$"}},"required":["name","env"],"additionalProperties":false},"command":{"type":["array","string"],"title":"a list of texts (program and arguments) or one text for the shell","description":"Started in the folder of the pipeline file, with the same JSON at its stdin.","items":{"type":"string","title":"a text"},"minItems":1,"pattern":"\\S"}},"dependencies":{"secret-header":["webhook"]},"additionalProperties":false}},"remotes":{"type":"object","title":"a map of remotes","description":"Stores that several machines share: bloodline push, pull and run --remote. The first that has a result is used.","propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"},"additionalProperties":{"type":"object","title":"a map with path or s3, and keys","properties":{"path":{"type":"string","title":"a path","description":"A folder, relative to the pipeline file; also on a network file system.","pattern":"\\S"},"s3":{"type":"object","title":"a map with bucket","description":"Credentials come from where AWS tools look for them: environment, ~/.aws, roles.","properties":{"bucket":{"type":"string","title":"the name of a bucket","pattern":"^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$"},"prefix":{"type":"string","title":"a path in the bucket","pattern":"^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?$"},"endpoint":{"type":"string","title":"an http(s) address","description":"Of a server that is not Amazon’s.","pattern":"^https?://"},"region":{"type":"string","title":"the name of a region","description":"Default: AWS_REGION.","pattern":"\\S"}},"required":["bucket"],"additionalProperties":false},"keys":{"type":"array","title":"a list of public keys","description":"Who is trusted: results that none of these signed are not used. `bloodline remote keygen` makes one.","minItems":1,"items":{"type":"string","title":"a public key such as ed25519:…","pattern":"^ed25519:[A-Za-z0-9+/]{43}=$"}}},"required":["keys"],"additionalProperties":false}},"stages":{"type":"object","title":"a map of stages","minProperties":1,"propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"},"additionalProperties":{"type":"object","title":"a map with run or command","description":"One step: a TypeScript file (run) or any program (command).","properties":{"run":{"type":"string","title":"the path of a TypeScript file","description":"The stage’s TypeScript file, relative to the pipeline file.","pattern":"\\S"},"command":{"type":["array","string"],"title":"a list of texts (program and arguments) or one text for the shell","description":"A list is started as it is, after ${inputs.x}, ${outputs.y}, ${params.z} and pipeline params are filled in. A text goes to sh -c unchanged; it finds BLOODLINE_INPUT_X and BLOODLINE_OUTPUT_Y in its environment.","items":{"type":["string","number","boolean"],"title":"a text"},"minItems":1,"pattern":"\\S"},"sources":{"type":"array","title":"a list of texts","items":{"type":"string","title":"a text"},"description":"Globs of the files that are the command’s code: a change in one runs it again."},"inputs":{"type":"object","title":"a map of inputs","propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"},"additionalProperties":{"type":["string","null","object"],"title":"stage.output, { path: … }, { url: …, digest: … } or null","properties":{"path":{"type":["string","null"],"title":"a path","description":"Your own file or folder, relative to the pipeline file; hashed by content. null: absent."},"url":{"type":"string","title":"an http(s) address"},"digest":{"type":"string","title":"\"sha256:…\" or \"md5:…\"","description":"sha256:<64 hex> or md5:<32 hex>"}},"additionalProperties":false}},"outputs":{"type":"array","title":"a list of names","description":"What a command makes: each a file or a folder at the path handed over.","minItems":1,"items":{"type":"string","title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"}},"params":{"type":"object","title":"a map of values","description":"A value of just \"${param}\" keeps the type of the pipeline’s param."},"matrix":{"type":"object","title":"a map of axes, each a list of values","description":"One instance of the stage for each combination. Inputs join on shared axes and fan in over the others.","minProperties":1,"propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"},"additionalProperties":{"type":["array","string"],"title":"a list of values, or \"${param}\"","pattern":"^\\$\\{[^}]+\\}$","items":{"type":["string","number","boolean"],"title":"a text, number, true or false"}}},"resources":{"type":"object","title":"a map of amounts","description":"What it takes while it runs, such as gpu: 1, cpu: 4, memory: 8GB: stages that together want more than there is run one after the other. Of any other name there is one.","propertyNames":{"title":"a name of letters, digits, - and _","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*$"},"properties":{"memory":{"type":"string","title":"a size such as 8GB, or \"${param}\"","pattern":"^(\\d+(?:\\.\\d+)?)\\s*([kmgtKMGT]?)[bB]?$|^\\$\\{[^}]+\\}$"}},"additionalProperties":{"type":["number","string"],"title":"a number from 0 up, or \"${param}\"","minimum":0,"pattern":"^\\$\\{[^}]+\\}$"}},"timeout":{"type":["number","string"],"title":"seconds, or a time such as 90s, 30m, 2h","exclusiveMinimum":0,"pattern":"^(\\d+(\\.\\d+)?(ms|s|m|h|d)|\\$\\{[^}]+\\})$"},"retries":{"type":["integer","string"],"title":"a whole number from 0 up, or \"${param}\"","description":"How often a failed attempt is made again.","minimum":0,"pattern":"^\\$\\{[^}]+\\}$"},"env":{"type":"array","title":"a list of names of environment variables","description":"Variables that reach the stage, and its key; it sees no others of yours.","items":{"type":"string","title":"the name of an environment variable","pattern":"^[A-Za-z_][A-Za-z0-9_]*$"}}},"additionalProperties":false,"dependencies":{"sources":["command"],"outputs":["command"],"command":["outputs"]}}}},"required":["stages"],"additionalProperties":false};
const func2 = Object.prototype.hasOwnProperty;
const pattern0 = new RegExp("\\S", "u");
const pattern1 = new RegExp("^[A-Za-z0-9][A-Za-z0-9_-]*$", "u");
const pattern5 = new RegExp("^(\\d+(?:\\.\\d+)?)\\s*([kmgtKMGT]?)[bB]?$", "u");
const pattern6 = new RegExp("^(\\d+(?:\\.\\d+)?)([mhdw])$", "u");
const pattern8 = new RegExp("^https?://", "u");
const pattern9 = new RegExp("^[A-Za-z_][A-Za-z0-9_]*$", "u");
const pattern10 = new RegExp("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", "u");
const pattern15 = new RegExp("^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$", "u");
const pattern16 = new RegExp("^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?$", "u");
const pattern19 = new RegExp("^ed25519:[A-Za-z0-9+/]{43}=$", "u");
const pattern26 = new RegExp("^\\$\\{[^}]+\\}$", "u");
const pattern29 = new RegExp("^(\\d+(?:\\.\\d+)?)\\s*([kmgtKMGT]?)[bB]?$|^\\$\\{[^}]+\\}$", "u");
const pattern30 = new RegExp("^(\\d+(\\.\\d+)?(ms|s|m|h|d)|\\$\\{[^}]+\\})$", "u");

function validate10(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.stages === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "stages"}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema11.properties, key0))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
const err2 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
else {
const err3 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.seed !== undefined){
let data1 = data.seed;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
const err4 = {instancePath:instancePath+"/seed",schemaPath:"#/properties/seed/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 0 || isNaN(data1)){
const err5 = {instancePath:instancePath+"/seed",schemaPath:"#/properties/seed/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
if(data.params !== undefined){
let data2 = data.params;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
for(const key1 in data2){
const _errs8 = errors;
if(typeof key1 === "string"){
if(!pattern1.test(key1)){
const err6 = {instancePath:instancePath+"/params",schemaPath:"#/properties/params/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
var valid1 = _errs8 === errors;
if(!valid1){
const err7 = {instancePath:instancePath+"/params",schemaPath:"#/properties/params/propertyNames",keyword:"propertyNames",params:{propertyName: key1}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
else {
const err8 = {instancePath:instancePath+"/params",schemaPath:"#/properties/params/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.profiles !== undefined){
let data3 = data.profiles;
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
for(const key2 in data3){
let data4 = data3[key2];
if(!(data4 && typeof data4 == "object" && !Array.isArray(data4))){
const err9 = {instancePath:instancePath+"/profiles/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/profiles/additionalProperties/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
}
else {
const err10 = {instancePath:instancePath+"/profiles",schemaPath:"#/properties/profiles/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.gates !== undefined){
let data5 = data.gates;
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
for(const key3 in data5){
const _errs16 = errors;
if(typeof key3 === "string"){
if(!pattern1.test(key3)){
const err11 = {instancePath:instancePath+"/gates",schemaPath:"#/properties/gates/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key3};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
var valid3 = _errs16 === errors;
if(!valid3){
const err12 = {instancePath:instancePath+"/gates",schemaPath:"#/properties/gates/propertyNames",keyword:"propertyNames",params:{propertyName: key3}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
for(const key4 in data5){
let data6 = data5[key4];
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
if(data6.stage === undefined){
const err13 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/gates/additionalProperties/required",keyword:"required",params:{missingProperty: "stage"}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(data6.metric === undefined){
const err14 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/gates/additionalProperties/required",keyword:"required",params:{missingProperty: "metric"}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
for(const key5 in data6){
if(!(((((key5 === "stage") || (key5 === "metric")) || (key5 === "min")) || (key5 === "max")) || (key5 === "max-drop"))){
const err15 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/gates/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data6.stage !== undefined){
if(typeof data6.stage !== "string"){
const err16 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/stage",schemaPath:"#/properties/gates/additionalProperties/properties/stage/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data6.metric !== undefined){
let data8 = data6.metric;
if(typeof data8 === "string"){
if(!pattern0.test(data8)){
const err17 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/metric",schemaPath:"#/properties/gates/additionalProperties/properties/metric/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
else {
const err18 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/metric",schemaPath:"#/properties/gates/additionalProperties/properties/metric/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data6.min !== undefined){
let data9 = data6.min;
if(!((typeof data9 == "number") && (isFinite(data9)))){
const err19 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/min",schemaPath:"#/properties/gates/additionalProperties/properties/min/type",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data6.max !== undefined){
let data10 = data6.max;
if(!((typeof data10 == "number") && (isFinite(data10)))){
const err20 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/max",schemaPath:"#/properties/gates/additionalProperties/properties/max/type",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data6["max-drop"] !== undefined){
let data11 = data6["max-drop"];
if((typeof data11 == "number") && (isFinite(data11))){
if(data11 < 0 || isNaN(data11)){
const err21 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/max-drop",schemaPath:"#/properties/gates/additionalProperties/properties/max-drop/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
else {
const err22 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/max-drop",schemaPath:"#/properties/gates/additionalProperties/properties/max-drop/type",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
}
else {
const err23 = {instancePath:instancePath+"/gates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/gates/additionalProperties/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
}
else {
const err24 = {instancePath:instancePath+"/gates",schemaPath:"#/properties/gates/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data.schedules !== undefined){
let data12 = data.schedules;
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
for(const key6 in data12){
const _errs33 = errors;
if(typeof key6 === "string"){
if(!pattern1.test(key6)){
const err25 = {instancePath:instancePath+"/schedules",schemaPath:"#/properties/schedules/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key6};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
var valid6 = _errs33 === errors;
if(!valid6){
const err26 = {instancePath:instancePath+"/schedules",schemaPath:"#/properties/schedules/propertyNames",keyword:"propertyNames",params:{propertyName: key6}};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
for(const key7 in data12){
let data13 = data12[key7];
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
if(data13.cron === undefined){
const err27 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/schedules/additionalProperties/required",keyword:"required",params:{missingProperty: "cron"}};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
for(const key8 in data13){
if(!((((((key8 === "cron") || (key8 === "timezone")) || (key8 === "profile")) || (key8 === "catch-up")) || (key8 === "overlap")) || (key8 === "keep"))){
const err28 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/schedules/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8}};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data13.cron !== undefined){
if(typeof data13.cron !== "string"){
const err29 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1")+"/cron",schemaPath:"#/properties/schedules/additionalProperties/properties/cron/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data13.timezone !== undefined){
if(typeof data13.timezone !== "string"){
const err30 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1")+"/timezone",schemaPath:"#/properties/schedules/additionalProperties/properties/timezone/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data13.profile !== undefined){
if(typeof data13.profile !== "string"){
const err31 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1")+"/profile",schemaPath:"#/properties/schedules/additionalProperties/properties/profile/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
if(data13["catch-up"] !== undefined){
let data17 = data13["catch-up"];
if(!(((data17 === "last") || (data17 === "none")) || (data17 === "all"))){
const err32 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1")+"/catch-up",schemaPath:"#/properties/schedules/additionalProperties/properties/catch-up/enum",keyword:"enum",params:{allowedValues: schema11.properties.schedules.additionalProperties.properties["catch-up"].enum}};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
if(data13.overlap !== undefined){
let data18 = data13.overlap;
if(!((data18 === "refuse") || (data18 === "queue"))){
const err33 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1")+"/overlap",schemaPath:"#/properties/schedules/additionalProperties/properties/overlap/enum",keyword:"enum",params:{allowedValues: schema11.properties.schedules.additionalProperties.properties.overlap.enum}};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
if(data13.keep !== undefined){
let data19 = data13.keep;
if(data19 && typeof data19 == "object" && !Array.isArray(data19)){
if(Object.keys(data19).length < 1){
const err34 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1")+"/keep",schemaPath:"#/properties/schedules/additionalProperties/properties/keep/minProperties",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
for(const key9 in data19){
if(!((key9 === "size") || (key9 === "age"))){
const err35 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1")+"/keep",schemaPath:"#/properties/schedules/additionalProperties/properties/keep/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9}};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
if(data19.size !== undefined){
let data20 = data19.size;
if(typeof data20 === "string"){
if(!pattern5.test(data20)){
const err36 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1")+"/keep/size",schemaPath:"#/properties/schedules/additionalProperties/properties/keep/properties/size/pattern",keyword:"pattern",params:{pattern: "^(\\d+(?:\\.\\d+)?)\\s*([kmgtKMGT]?)[bB]?$"}};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
else {
const err37 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1")+"/keep/size",schemaPath:"#/properties/schedules/additionalProperties/properties/keep/properties/size/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
if(data19.age !== undefined){
let data21 = data19.age;
if(typeof data21 === "string"){
if(!pattern6.test(data21)){
const err38 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1")+"/keep/age",schemaPath:"#/properties/schedules/additionalProperties/properties/keep/properties/age/pattern",keyword:"pattern",params:{pattern: "^(\\d+(?:\\.\\d+)?)([mhdw])$"}};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
else {
const err39 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1")+"/keep/age",schemaPath:"#/properties/schedules/additionalProperties/properties/keep/properties/age/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
}
else {
const err40 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1")+"/keep",schemaPath:"#/properties/schedules/additionalProperties/properties/keep/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
}
else {
const err41 = {instancePath:instancePath+"/schedules/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/schedules/additionalProperties/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
}
else {
const err42 = {instancePath:instancePath+"/schedules",schemaPath:"#/properties/schedules/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
if(data.notify !== undefined){
let data22 = data.notify;
if(data22 && typeof data22 == "object" && !Array.isArray(data22)){
for(const key10 in data22){
const _errs55 = errors;
if(typeof key10 === "string"){
if(!pattern1.test(key10)){
const err43 = {instancePath:instancePath+"/notify",schemaPath:"#/properties/notify/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key10};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
var valid10 = _errs55 === errors;
if(!valid10){
const err44 = {instancePath:instancePath+"/notify",schemaPath:"#/properties/notify/propertyNames",keyword:"propertyNames",params:{propertyName: key10}};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
for(const key11 in data22){
let data23 = data22[key11];
if(data23 && typeof data23 == "object" && !Array.isArray(data23)){
for(const key12 in data23){
if(!((((key12 === "on") || (key12 === "webhook")) || (key12 === "secret-header")) || (key12 === "command"))){
const err45 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/notify/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key12}};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
if(data23["secret-header"] !== undefined){
if(data23.webhook === undefined){
const err46 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/notify/additionalProperties/dependencies",keyword:"dependencies",params:{property: "secret-header",
    missingProperty: "webhook",
    depsCount: 1,
    deps: "webhook"}};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
if(data23.on !== undefined){
let data24 = data23.on;
if(Array.isArray(data24)){
if(data24.length < 1){
const err47 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/on",schemaPath:"#/properties/notify/additionalProperties/properties/on/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
const len0 = data24.length;
for(let i0=0; i0<len0; i0++){
let data25 = data24[i0];
if(!((((data25 === "failed") || (data25 === "gates")) || (data25 === "data")) || (data25 === "done"))){
const err48 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/on/" + i0,schemaPath:"#/properties/notify/additionalProperties/properties/on/items/enum",keyword:"enum",params:{allowedValues: schema11.properties.notify.additionalProperties.properties.on.items.enum}};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
}
else {
const err49 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/on",schemaPath:"#/properties/notify/additionalProperties/properties/on/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
if(data23.webhook !== undefined){
let data26 = data23.webhook;
if((typeof data26 !== "string") && (!(data26 && typeof data26 == "object" && !Array.isArray(data26)))){
const err50 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/webhook",schemaPath:"#/properties/notify/additionalProperties/properties/webhook/type",keyword:"type",params:{type: schema11.properties.notify.additionalProperties.properties.webhook.type}};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
if(typeof data26 === "string"){
if(!pattern8.test(data26)){
const err51 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/webhook",schemaPath:"#/properties/notify/additionalProperties/properties/webhook/pattern",keyword:"pattern",params:{pattern: "^https?://"}};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
if(data26 && typeof data26 == "object" && !Array.isArray(data26)){
if(data26.env === undefined){
const err52 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/webhook",schemaPath:"#/properties/notify/additionalProperties/properties/webhook/required",keyword:"required",params:{missingProperty: "env"}};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
for(const key13 in data26){
if(!(key13 === "env")){
const err53 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/webhook",schemaPath:"#/properties/notify/additionalProperties/properties/webhook/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key13}};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
if(data26.env !== undefined){
let data27 = data26.env;
if(typeof data27 === "string"){
if(!pattern9.test(data27)){
const err54 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/webhook/env",schemaPath:"#/properties/notify/additionalProperties/properties/webhook/properties/env/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z_][A-Za-z0-9_]*$"}};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
else {
const err55 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/webhook/env",schemaPath:"#/properties/notify/additionalProperties/properties/webhook/properties/env/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
}
}
if(data23["secret-header"] !== undefined){
let data28 = data23["secret-header"];
if(data28 && typeof data28 == "object" && !Array.isArray(data28)){
if(data28.name === undefined){
const err56 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/secret-header",schemaPath:"#/properties/notify/additionalProperties/properties/secret-header/required",keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
if(data28.env === undefined){
const err57 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/secret-header",schemaPath:"#/properties/notify/additionalProperties/properties/secret-header/required",keyword:"required",params:{missingProperty: "env"}};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
for(const key14 in data28){
if(!((key14 === "name") || (key14 === "env"))){
const err58 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/secret-header",schemaPath:"#/properties/notify/additionalProperties/properties/secret-header/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key14}};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
if(data28.name !== undefined){
let data29 = data28.name;
if(typeof data29 === "string"){
if(!pattern10.test(data29)){
const err59 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/secret-header/name",schemaPath:"#/properties/notify/additionalProperties/properties/secret-header/properties/name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"}};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
else {
const err60 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/secret-header/name",schemaPath:"#/properties/notify/additionalProperties/properties/secret-header/properties/name/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
if(data28.env !== undefined){
let data30 = data28.env;
if(typeof data30 === "string"){
if(!pattern9.test(data30)){
const err61 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/secret-header/env",schemaPath:"#/properties/notify/additionalProperties/properties/secret-header/properties/env/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z_][A-Za-z0-9_]*$"}};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
else {
const err62 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/secret-header/env",schemaPath:"#/properties/notify/additionalProperties/properties/secret-header/properties/env/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
}
else {
const err63 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/secret-header",schemaPath:"#/properties/notify/additionalProperties/properties/secret-header/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
if(data23.command !== undefined){
let data31 = data23.command;
if((!(Array.isArray(data31))) && (typeof data31 !== "string")){
const err64 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/command",schemaPath:"#/properties/notify/additionalProperties/properties/command/type",keyword:"type",params:{type: schema11.properties.notify.additionalProperties.properties.command.type}};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
if(typeof data31 === "string"){
if(!pattern0.test(data31)){
const err65 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/command",schemaPath:"#/properties/notify/additionalProperties/properties/command/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
if(Array.isArray(data31)){
if(data31.length < 1){
const err66 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/command",schemaPath:"#/properties/notify/additionalProperties/properties/command/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
const len1 = data31.length;
for(let i1=0; i1<len1; i1++){
if(typeof data31[i1] !== "string"){
const err67 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1")+"/command/" + i1,schemaPath:"#/properties/notify/additionalProperties/properties/command/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
}
}
}
else {
const err68 = {instancePath:instancePath+"/notify/" + key11.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/notify/additionalProperties/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
}
}
else {
const err69 = {instancePath:instancePath+"/notify",schemaPath:"#/properties/notify/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
if(data.remotes !== undefined){
let data33 = data.remotes;
if(data33 && typeof data33 == "object" && !Array.isArray(data33)){
for(const key15 in data33){
const _errs81 = errors;
if(typeof key15 === "string"){
if(!pattern1.test(key15)){
const err70 = {instancePath:instancePath+"/remotes",schemaPath:"#/properties/remotes/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key15};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
var valid20 = _errs81 === errors;
if(!valid20){
const err71 = {instancePath:instancePath+"/remotes",schemaPath:"#/properties/remotes/propertyNames",keyword:"propertyNames",params:{propertyName: key15}};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
for(const key16 in data33){
let data34 = data33[key16];
if(data34 && typeof data34 == "object" && !Array.isArray(data34)){
if(data34.keys === undefined){
const err72 = {instancePath:instancePath+"/remotes/" + key16.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/remotes/additionalProperties/required",keyword:"required",params:{missingProperty: "keys"}};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
for(const key17 in data34){
if(!(((key17 === "path") || (key17 === "s3")) || (key17 === "keys"))){
const err73 = {instancePath:instancePath+"/remotes/" + key16.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/remotes/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key17}};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
if(data34.path !== undefined){
let data35 = data34.path;
if(typeof data35 === "string"){
if(!pattern0.test(data35)){
const err74 = {instancePath:instancePath+"/remotes/" + key16.replace(/~/g, "~0").replace(/\//g, "~1")+"/path",schemaPath:"#/properties/remotes/additionalProperties/properties/path/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
else {
const err75 = {instancePath:instancePath+"/remotes/" + key16.replace(/~/g, "~0").replace(/\//g, "~1")+"/path",schemaPath:"#/properties/remotes/additionalProperties/properties/path/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
if(data34.s3 !== undefined){
let data36 = data34.s3;
if(data36 && typeof data36 == "object" && !Array.isArray(data36)){
if(data36.bucket === undefined){
const err76 = {instancePath:instancePath+"/remotes/" + key16.replace(/~/g, "~0").replace(/\//g, "~1")+"/s3",schemaPath:"#/properties/remotes/additionalProperties/properties/s3/required",keyword:"required",params:{missingProperty: "bucket"}};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
for(const key18 in data36){
if(!((((key18 === "bucket") || (key18 === "prefix")) || (key18 === "endpoint")) || (key18 === "region"))){
const err77 = {instancePath:instancePath+"/remotes/" + key16.replace(/~/g, "~0").replace(/\//g, "~1")+"/s3",schemaPath:"#/properties/remotes/additionalProperties/properties/s3/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key18}};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
if(data36.bucket !== undefined){
let data37 = data36.bucket;
if(typeof data37 === "string"){
if(!pattern15.test(data37)){
const err78 = {instancePath:instancePath+"/remotes/" + key16.replace(/~/g, "~0").replace(/\//g, "~1")+"/s3/bucket",schemaPath:"#/properties/remotes/additionalProperties/properties/s3/properties/bucket/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$"}};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
else {
const err79 = {instancePath:instancePath+"/remotes/" + key16.replace(/~/g, "~0").replace(/\//g, "~1")+"/s3/bucket",schemaPath:"#/properties/remotes/additionalProperties/properties/s3/properties/bucket/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
if(data36.prefix !== undefined){
let data38 = data36.prefix;
if(typeof data38 === "string"){
if(!pattern16.test(data38)){
const err80 = {instancePath:instancePath+"/remotes/" + key16.replace(/~/g, "~0").replace(/\//g, "~1")+"/s3/prefix",schemaPath:"#/properties/remotes/additionalProperties/properties/s3/properties/prefix/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?$"}};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
else {
const err81 = {instancePath:instancePath+"/remotes/" + key16.replace(/~/g, "~0").replace(/\//g, "~1")+"/s3/prefix",schemaPath:"#/properties/remotes/additionalProperties/properties/s3/properties/prefix/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
if(data36.endpoint !== undefined){
let data39 = data36.endpoint;
if(typeof data39 === "string"){
if(!pattern8.test(data39)){
const err82 = {instancePath:instancePath+"/remotes/" + key16.replace(/~/g, "~0").replace(/\//g, "~1")+"/s3/endpoint",schemaPath:"#/properties/remotes/additionalProperties/properties/s3/properties/endpoint/pattern",keyword:"pattern",params:{pattern: "^https?://"}};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
else {
const err83 = {instancePath:instancePath+"/remotes/" + key16.replace(/~/g, "~0").replace(/\//g, "~1")+"/s3/endpoint",schemaPath:"#/properties/remotes/additionalProperties/properties/s3/properties/endpoint/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
if(data36.region !== undefined){
let data40 = data36.region;
if(typeof data40 === "string"){
if(!pattern0.test(data40)){
const err84 = {instancePath:instancePath+"/remotes/" + key16.replace(/~/g, "~0").replace(/\//g, "~1")+"/s3/region",schemaPath:"#/properties/remotes/additionalProperties/properties/s3/properties/region/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
else {
const err85 = {instancePath:instancePath+"/remotes/" + key16.replace(/~/g, "~0").replace(/\//g, "~1")+"/s3/region",schemaPath:"#/properties/remotes/additionalProperties/properties/s3/properties/region/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
}
}
else {
const err86 = {instancePath:instancePath+"/remotes/" + key16.replace(/~/g, "~0").replace(/\//g, "~1")+"/s3",schemaPath:"#/properties/remotes/additionalProperties/properties/s3/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
if(data34.keys !== undefined){
let data41 = data34.keys;
if(Array.isArray(data41)){
if(data41.length < 1){
const err87 = {instancePath:instancePath+"/remotes/" + key16.replace(/~/g, "~0").replace(/\//g, "~1")+"/keys",schemaPath:"#/properties/remotes/additionalProperties/properties/keys/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
const len2 = data41.length;
for(let i2=0; i2<len2; i2++){
let data42 = data41[i2];
if(typeof data42 === "string"){
if(!pattern19.test(data42)){
const err88 = {instancePath:instancePath+"/remotes/" + key16.replace(/~/g, "~0").replace(/\//g, "~1")+"/keys/" + i2,schemaPath:"#/properties/remotes/additionalProperties/properties/keys/items/pattern",keyword:"pattern",params:{pattern: "^ed25519:[A-Za-z0-9+/]{43}=$"}};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
}
else {
const err89 = {instancePath:instancePath+"/remotes/" + key16.replace(/~/g, "~0").replace(/\//g, "~1")+"/keys/" + i2,schemaPath:"#/properties/remotes/additionalProperties/properties/keys/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
}
else {
const err90 = {instancePath:instancePath+"/remotes/" + key16.replace(/~/g, "~0").replace(/\//g, "~1")+"/keys",schemaPath:"#/properties/remotes/additionalProperties/properties/keys/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
}
else {
const err91 = {instancePath:instancePath+"/remotes/" + key16.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/remotes/additionalProperties/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
}
else {
const err92 = {instancePath:instancePath+"/remotes",schemaPath:"#/properties/remotes/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
if(data.stages !== undefined){
let data43 = data.stages;
if(data43 && typeof data43 == "object" && !Array.isArray(data43)){
if(Object.keys(data43).length < 1){
const err93 = {instancePath:instancePath+"/stages",schemaPath:"#/properties/stages/minProperties",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
for(const key19 in data43){
const _errs105 = errors;
if(typeof key19 === "string"){
if(!pattern1.test(key19)){
const err94 = {instancePath:instancePath+"/stages",schemaPath:"#/properties/stages/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key19};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
}
var valid26 = _errs105 === errors;
if(!valid26){
const err95 = {instancePath:instancePath+"/stages",schemaPath:"#/properties/stages/propertyNames",keyword:"propertyNames",params:{propertyName: key19}};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
for(const key20 in data43){
let data44 = data43[key20];
if(data44 && typeof data44 == "object" && !Array.isArray(data44)){
for(const key21 in data44){
if(!(func2.call(schema11.properties.stages.additionalProperties.properties, key21))){
const err96 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key21}};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
}
if(data44.sources !== undefined){
if(data44.command === undefined){
const err97 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/dependencies",keyword:"dependencies",params:{property: "sources",
    missingProperty: "command",
    depsCount: 1,
    deps: "command"}};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
}
if(data44.outputs !== undefined){
if(data44.command === undefined){
const err98 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/dependencies",keyword:"dependencies",params:{property: "outputs",
    missingProperty: "command",
    depsCount: 1,
    deps: "command"}};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
if(data44.command !== undefined){
if(data44.outputs === undefined){
const err99 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/dependencies",keyword:"dependencies",params:{property: "command",
    missingProperty: "outputs",
    depsCount: 1,
    deps: "outputs"}};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
if(data44.run !== undefined){
let data45 = data44.run;
if(typeof data45 === "string"){
if(!pattern0.test(data45)){
const err100 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/run",schemaPath:"#/properties/stages/additionalProperties/properties/run/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
}
else {
const err101 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/run",schemaPath:"#/properties/stages/additionalProperties/properties/run/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
}
if(data44.command !== undefined){
let data46 = data44.command;
if((!(Array.isArray(data46))) && (typeof data46 !== "string")){
const err102 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/command",schemaPath:"#/properties/stages/additionalProperties/properties/command/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.command.type}};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
if(typeof data46 === "string"){
if(!pattern0.test(data46)){
const err103 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/command",schemaPath:"#/properties/stages/additionalProperties/properties/command/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
}
if(Array.isArray(data46)){
if(data46.length < 1){
const err104 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/command",schemaPath:"#/properties/stages/additionalProperties/properties/command/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
const len3 = data46.length;
for(let i3=0; i3<len3; i3++){
let data47 = data46[i3];
if(((typeof data47 !== "string") && (!((typeof data47 == "number") && (isFinite(data47))))) && (typeof data47 !== "boolean")){
const err105 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/command/" + i3,schemaPath:"#/properties/stages/additionalProperties/properties/command/items/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.command.items.type}};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
}
}
}
if(data44.sources !== undefined){
let data48 = data44.sources;
if(Array.isArray(data48)){
const len4 = data48.length;
for(let i4=0; i4<len4; i4++){
if(typeof data48[i4] !== "string"){
const err106 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/sources/" + i4,schemaPath:"#/properties/stages/additionalProperties/properties/sources/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
}
}
else {
const err107 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/sources",schemaPath:"#/properties/stages/additionalProperties/properties/sources/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
}
if(data44.inputs !== undefined){
let data50 = data44.inputs;
if(data50 && typeof data50 == "object" && !Array.isArray(data50)){
for(const key22 in data50){
const _errs122 = errors;
if(typeof key22 === "string"){
if(!pattern1.test(key22)){
const err108 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs",schemaPath:"#/properties/stages/additionalProperties/properties/inputs/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key22};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
}
var valid34 = _errs122 === errors;
if(!valid34){
const err109 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs",schemaPath:"#/properties/stages/additionalProperties/properties/inputs/propertyNames",keyword:"propertyNames",params:{propertyName: key22}};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
}
for(const key23 in data50){
let data51 = data50[key23];
if(((typeof data51 !== "string") && (data51 !== null)) && (!(data51 && typeof data51 == "object" && !Array.isArray(data51)))){
const err110 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs/" + key23.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/inputs/additionalProperties/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.inputs.additionalProperties.type}};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
if(data51 && typeof data51 == "object" && !Array.isArray(data51)){
for(const key24 in data51){
if(!(((key24 === "path") || (key24 === "url")) || (key24 === "digest"))){
const err111 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs/" + key23.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/inputs/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key24}};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
}
if(data51.path !== undefined){
let data52 = data51.path;
if((typeof data52 !== "string") && (data52 !== null)){
const err112 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs/" + key23.replace(/~/g, "~0").replace(/\//g, "~1")+"/path",schemaPath:"#/properties/stages/additionalProperties/properties/inputs/additionalProperties/properties/path/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.inputs.additionalProperties.properties.path.type}};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
}
if(data51.url !== undefined){
if(typeof data51.url !== "string"){
const err113 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs/" + key23.replace(/~/g, "~0").replace(/\//g, "~1")+"/url",schemaPath:"#/properties/stages/additionalProperties/properties/inputs/additionalProperties/properties/url/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
}
if(data51.digest !== undefined){
if(typeof data51.digest !== "string"){
const err114 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs/" + key23.replace(/~/g, "~0").replace(/\//g, "~1")+"/digest",schemaPath:"#/properties/stages/additionalProperties/properties/inputs/additionalProperties/properties/digest/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
}
}
}
}
else {
const err115 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/inputs",schemaPath:"#/properties/stages/additionalProperties/properties/inputs/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
}
if(data44.outputs !== undefined){
let data55 = data44.outputs;
if(Array.isArray(data55)){
if(data55.length < 1){
const err116 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/outputs",schemaPath:"#/properties/stages/additionalProperties/properties/outputs/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
const len5 = data55.length;
for(let i5=0; i5<len5; i5++){
let data56 = data55[i5];
if(typeof data56 === "string"){
if(!pattern1.test(data56)){
const err117 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/outputs/" + i5,schemaPath:"#/properties/stages/additionalProperties/properties/outputs/items/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"}};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
}
else {
const err118 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/outputs/" + i5,schemaPath:"#/properties/stages/additionalProperties/properties/outputs/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
}
}
else {
const err119 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/outputs",schemaPath:"#/properties/stages/additionalProperties/properties/outputs/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
}
if(data44.params !== undefined){
let data57 = data44.params;
if(!(data57 && typeof data57 == "object" && !Array.isArray(data57))){
const err120 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/params",schemaPath:"#/properties/stages/additionalProperties/properties/params/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
}
if(data44.matrix !== undefined){
let data58 = data44.matrix;
if(data58 && typeof data58 == "object" && !Array.isArray(data58)){
if(Object.keys(data58).length < 1){
const err121 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix",schemaPath:"#/properties/stages/additionalProperties/properties/matrix/minProperties",keyword:"minProperties",params:{limit: 1}};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
for(const key25 in data58){
const _errs141 = errors;
if(typeof key25 === "string"){
if(!pattern1.test(key25)){
const err122 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix",schemaPath:"#/properties/stages/additionalProperties/properties/matrix/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key25};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
}
var valid39 = _errs141 === errors;
if(!valid39){
const err123 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix",schemaPath:"#/properties/stages/additionalProperties/properties/matrix/propertyNames",keyword:"propertyNames",params:{propertyName: key25}};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
}
for(const key26 in data58){
let data59 = data58[key26];
if((!(Array.isArray(data59))) && (typeof data59 !== "string")){
const err124 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix/" + key26.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/matrix/additionalProperties/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.matrix.additionalProperties.type}};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
if(typeof data59 === "string"){
if(!pattern26.test(data59)){
const err125 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix/" + key26.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/matrix/additionalProperties/pattern",keyword:"pattern",params:{pattern: "^\\$\\{[^}]+\\}$"}};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
}
if(Array.isArray(data59)){
const len6 = data59.length;
for(let i6=0; i6<len6; i6++){
let data60 = data59[i6];
if(((typeof data60 !== "string") && (!((typeof data60 == "number") && (isFinite(data60))))) && (typeof data60 !== "boolean")){
const err126 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix/" + key26.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i6,schemaPath:"#/properties/stages/additionalProperties/properties/matrix/additionalProperties/items/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.matrix.additionalProperties.items.type}};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
}
}
}
}
else {
const err127 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/matrix",schemaPath:"#/properties/stages/additionalProperties/properties/matrix/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
}
if(data44.resources !== undefined){
let data61 = data44.resources;
if(data61 && typeof data61 == "object" && !Array.isArray(data61)){
for(const key27 in data61){
const _errs149 = errors;
if(typeof key27 === "string"){
if(!pattern1.test(key27)){
const err128 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/resources",schemaPath:"#/properties/stages/additionalProperties/properties/resources/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*$"},propertyName:key27};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
}
var valid43 = _errs149 === errors;
if(!valid43){
const err129 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/resources",schemaPath:"#/properties/stages/additionalProperties/properties/resources/propertyNames",keyword:"propertyNames",params:{propertyName: key27}};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
}
for(const key28 in data61){
if(!(key28 === "memory")){
let data62 = data61[key28];
if((!((typeof data62 == "number") && (isFinite(data62)))) && (typeof data62 !== "string")){
const err130 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/resources/" + key28.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/resources/additionalProperties/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.resources.additionalProperties.type}};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
if((typeof data62 == "number") && (isFinite(data62))){
if(data62 < 0 || isNaN(data62)){
const err131 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/resources/" + key28.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/resources/additionalProperties/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
}
if(typeof data62 === "string"){
if(!pattern26.test(data62)){
const err132 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/resources/" + key28.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/properties/resources/additionalProperties/pattern",keyword:"pattern",params:{pattern: "^\\$\\{[^}]+\\}$"}};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
}
}
}
if(data61.memory !== undefined){
let data63 = data61.memory;
if(typeof data63 === "string"){
if(!pattern29.test(data63)){
const err133 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/resources/memory",schemaPath:"#/properties/stages/additionalProperties/properties/resources/properties/memory/pattern",keyword:"pattern",params:{pattern: "^(\\d+(?:\\.\\d+)?)\\s*([kmgtKMGT]?)[bB]?$|^\\$\\{[^}]+\\}$"}};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
}
else {
const err134 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/resources/memory",schemaPath:"#/properties/stages/additionalProperties/properties/resources/properties/memory/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
}
}
else {
const err135 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/resources",schemaPath:"#/properties/stages/additionalProperties/properties/resources/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
if(data44.timeout !== undefined){
let data64 = data44.timeout;
if((!((typeof data64 == "number") && (isFinite(data64)))) && (typeof data64 !== "string")){
const err136 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/timeout",schemaPath:"#/properties/stages/additionalProperties/properties/timeout/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.timeout.type}};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
if((typeof data64 == "number") && (isFinite(data64))){
if(data64 <= 0 || isNaN(data64)){
const err137 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/timeout",schemaPath:"#/properties/stages/additionalProperties/properties/timeout/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
}
if(typeof data64 === "string"){
if(!pattern30.test(data64)){
const err138 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/timeout",schemaPath:"#/properties/stages/additionalProperties/properties/timeout/pattern",keyword:"pattern",params:{pattern: "^(\\d+(\\.\\d+)?(ms|s|m|h|d)|\\$\\{[^}]+\\})$"}};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
}
}
if(data44.retries !== undefined){
let data65 = data44.retries;
if((!(((typeof data65 == "number") && (!(data65 % 1) && !isNaN(data65))) && (isFinite(data65)))) && (typeof data65 !== "string")){
const err139 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/retries",schemaPath:"#/properties/stages/additionalProperties/properties/retries/type",keyword:"type",params:{type: schema11.properties.stages.additionalProperties.properties.retries.type}};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
if((typeof data65 == "number") && (isFinite(data65))){
if(data65 < 0 || isNaN(data65)){
const err140 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/retries",schemaPath:"#/properties/stages/additionalProperties/properties/retries/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
}
if(typeof data65 === "string"){
if(!pattern26.test(data65)){
const err141 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/retries",schemaPath:"#/properties/stages/additionalProperties/properties/retries/pattern",keyword:"pattern",params:{pattern: "^\\$\\{[^}]+\\}$"}};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
}
}
if(data44.env !== undefined){
let data66 = data44.env;
if(Array.isArray(data66)){
const len7 = data66.length;
for(let i7=0; i7<len7; i7++){
let data67 = data66[i7];
if(typeof data67 === "string"){
if(!pattern9.test(data67)){
const err142 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/env/" + i7,schemaPath:"#/properties/stages/additionalProperties/properties/env/items/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z_][A-Za-z0-9_]*$"}};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
}
else {
const err143 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/env/" + i7,schemaPath:"#/properties/stages/additionalProperties/properties/env/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
}
}
else {
const err144 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/env",schemaPath:"#/properties/stages/additionalProperties/properties/env/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
}
}
else {
const err145 = {instancePath:instancePath+"/stages/" + key20.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/stages/additionalProperties/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
}
}
else {
const err146 = {instancePath:instancePath+"/stages",schemaPath:"#/properties/stages/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
}
}
else {
const err147 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
validate10.errors = vErrors;
return errors === 0;
}

