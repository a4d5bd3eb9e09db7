# shellcheck shell=bash
# Records for the tests of --to=sql.

# Mixed types, odd keys, embedded JSON, arrays in arrays, huge numbers; arrays
# of one type and of several, dates and times in several layouts.
odd() {
	cat >odd.ndjson <<-'END'
	{"id":1,"tag":"x","when":"2020-01-02T03:04:05Z","o'rders":[{"no":"A","amt":1.50,"it":[{"q\"":1},{"q\"":2}]},{"no":"B"}],"p":"{\"k\":1,\"l\":[{\"z\":true},5]}","d":{"a/b":{"~":1,"Straße":"ü"}},"day":"2021-02-03","A":1,"a":2,"mm":[[{"x":1},{"x":"y"}],[]],"n":123456789012345678901,"e":1e5,"f":0.001}
	{"id":2,"tag":5,"when":"2020-01-02T03:04:05Z","o'rders":[],"p":"plain","d":{"a/b":"\\"},"day":"","A":"1","mm":[[{"x":2.5}]],"n":-5,"e":2.5,"f":-12.25,"prims":[1,"a",null,{"in":1}],"empty":{}}
	{"id":3,"tag":null,"when":"2020-01-02T03:04:05Z","p":"[{\"z\":false}]","d":[],"day":"2021-12-31","mm":null,"n":0,"tag2":[true],"empty":{}}
	{"id":4,"tag":"y","when":"2020-01-02T03:04:05Z","p":"","day":"","n":7,"is":[1,null,-5],"ss":["x","ü",null,"a\"b"],"bs":[true,false],"fs":[1.5,-22.25,3.0],"big":[123456789012345678901],"ex":[1e3,2.5],"f":3.0,"e":1e5,"tw":"Sun Aug 31 00:29:15 +0000 2014","us":"12/31/2021","loc":"2021-03-04 05:06:07.5","two":"01/02/2021","z":"2021-03-04 05:06:07+02:00"}
	{"id":5,"tag":"z","when":"2020-01-02T03:04:05Z","p":"","day":"","n":7,"is":[],"ss":[],"bs":null,"fs":[],"big":[],"x":[[1],[2,3]],"mix":[1,[2]],"tw":"","us":"1/2/2021","loc":"2021-03-04 05:06:07.25","rfc":"Sun, 31 Aug 2014 00:29:15 +0100","w":-0.0,"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk":[{"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk":[{"z":1},{"z":2}]}]}
	END
	discover-attrs -q odd.ndjson >odd.attrs
}
